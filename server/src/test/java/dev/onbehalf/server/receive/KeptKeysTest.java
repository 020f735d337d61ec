package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.ReceivingServer.Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Issue keys that are unknown when a build comes, and known later. */
final class KeptKeysTest {
  @Test
  void keyWhenItsProjectAppearsLaterThenTheBuildBelongsToIt(@TempDir Path data) throws IOException {
    Client ci;
    try (ReceivingServer server = new ReceivingServer(data, Clock.systemUTC())) {
      ci = server.credential("ci", "builds");
      String token = server.token(ci);
      json(
          server.send(
              "POST",
              server.path("builds", "bulk"),
              token,
              build("app", 1, 1, "failed", "ABC-1", "NEW-1")),
          202);
      assertThat(keys(server, token)).isEqualTo("[\"ABC-1\"]");
    }

    try (ReceivingServer server =
        new ReceivingServer(data, Clock.systemUTC(), "receive.projects=ABC,NEW")) {
      assertThat(keys(server, server.token(ci))).isEqualTo("[\"ABC-1\",\"NEW-1\"]");
    }
  }

  private static String keys(ReceivingServer server, String token) {
    return json(server.get(server.path("builds", "pipelines/app/builds/1"), token), 200)
        .path("issueKeys")
        .toString();
  }
}
