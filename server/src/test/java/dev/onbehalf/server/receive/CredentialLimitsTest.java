package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit of each credential, and what senders are told of it. */
final class CredentialLimitsTest {
  @Test
  void requestsWhenTooManyThen429WithTheHeadersSendersKnow(@TempDir Path data) throws IOException {
    Clock still = Clock.fixed(Instant.parse("2026-01-05T10:00:00Z"), ZoneOffset.UTC);
    try (ReceivingServer server =
        new ReceivingServer(data, still, "receive.requests-per-credential=2")) {
      String token = server.token(server.credential("ci", "builds"));
      String other = server.token(server.credential("other", "builds"));
      String path = server.path("builds", "pipelines/a/builds/1");
      for (int i = 0; i < 4; i++) {
        assertThat(server.get(path, token).statusCode()).isEqualTo(404);
      }

      HttpResponse<String> refused = server.get(path, token);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.headers().firstValue("X-RateLimit-Limit")).contains("4");
      assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).contains("0");
      assertThat(refused.headers().firstValue("X-RateLimit-NearLimit")).contains("true");
      assertThat(refused.headers().firstValue("X-RateLimit-Reset"))
          .contains("2026-01-05T10:00:01Z");
      assertThat(refused.headers().firstValue("RateLimit-Reason")).contains("jira-burst-based");
      assertThat(server.get(path, other).statusCode()).isEqualTo(404);
    }
  }
}
