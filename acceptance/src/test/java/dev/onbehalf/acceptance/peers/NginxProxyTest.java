package dev.onbehalf.acceptance.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("debian")
class NginxProxyTest {

  @Test
  void startWhenProxyPassIsBareThenPathAndSpoofableHeadersArriveAsSent() throws Exception {
    TestAuthority authority = TestAuthority.create();
    try (EchoServer echo = EchoServer.start();
        NginxProxy nginx = NginxProxy.start(Ports.free(), echo.url(), authority)) {
      String target = "/job/a%252Fb/api/json?x=1+2&x=%2B";
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(nginx.url() + target))
              .header("X-Forwarded-User", "mallory")
              .header("Authorization", "OAuth oauth_token=\"\"")
              .build();

      String body = authority.client().send(request, BodyHandlers.ofString()).body();
      JsonNode seen = JsonMapper.shared().readTree(body);

      assertThat(seen.get("target").asString()).isEqualTo(target);
      JsonNode headers = seen.get("headers");
      assertThat(headers.get("x-forwarded-user").asString()).isEqualTo("mallory");
      assertThat(headers.get("authorization").asString()).isEqualTo("OAuth oauth_token=\"\"");
      assertThat(headers.get("host").asString()).isEqualTo(echo.url().getAuthority());
      assertThat(headers.has("x-forwarded-proto")).isFalse();
    }
  }
}
