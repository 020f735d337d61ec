package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary;
import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.Clients;
import dev.onbehalf.acceptance.peers.NginxProxy;
import dev.onbehalf.acceptance.peers.TestAuthority;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** nginx ends TLS in front: the public URL is https, the gateway itself speaks http. */
@Tag("debian")
@ExtendWith(Deployment.Shared.class)
class NginxInFrontTest {
  private final Deployment deployment;

  NginxInFrontTest(Deployment deployment) {
    this.deployment = deployment;
  }

  @Test
  void callWhenTlsEndsAtNginxThenSignaturesHoldAndThePathArrivesRaw() throws Exception {
    TestAuthority authority = TestAuthority.create();
    URI gateway = deployment.ci("");
    try (NginxProxy nginx =
            NginxProxy.start(
                deployment.nginxPort(), gateway, authority, "proxy_set_header Host $http_host;");
        ClientLibrary script =
            Clients.REQUESTS_OAUTHLIB.create(
                deployment.settings(nginx.url(), Signing.RSA_SHA1, authority.authority()))) {
      Token request = script.requestToken(ClientLibrary.OUT_OF_BAND);
      PersonBrowser browser = new PersonBrowser(authority.trusting());
      String code = browser.allow(script.authorizationUrl(request), "alice");
      Token token = script.accessToken(request, code);

      String target = "/job/team/job/a%252Fb/api/json?tree=x%2Cy&q=1%202";
      Answer answer = script.call("GET", deployment.front(target), token);

      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      JsonNode seen = JsonMapper.shared().readTree(answer.body());
      assertThat(seen.get("target").asString()).isEqualTo(target);
      JsonNode headers = seen.get("headers");
      assertThat(headers.get("x-forwarded-user").asString()).isEqualTo("alice");
      assertThat(headers.get("x-forwarded-proto").asString()).isEqualTo("https");
      assertThat(headers.has("authorization")).isFalse();

      HttpResponse<String> forged =
          authority
              .client()
              .send(
                  HttpRequest.newBuilder(deployment.front("/me"))
                      .header("X-Forwarded-User", "alice")
                      .header("X-Forwarded-For", "127.0.0.1")
                      .header("Forwarded", "for=127.0.0.1;host=example.com;proto=http")
                      .build(),
                  BodyHandlers.ofString());
      assertThat(forged.statusCode()).isEqualTo(401);
      assertThat(browser.open(deployment.front("/page")).body())
          .contains("\"x-forwarded-user\":\"alice\"")
          .doesNotContain("onbehalf=");
    }
  }
}
