package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong while the service runs gets one clear sentence, and the service goes on. */
@ExtendWith(Deployment.Shared.class)
class BadInputWhileRunningTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deployment deployment;

  BadInputWhileRunningTest(Deployment deployment) {
    this.deployment = deployment;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "this is no key",
        "",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "PRIVATE"
      })
  void addConsumerWhenKeyFileIsBadThenRefusedAndNothingIsAdded(String content) {
    boolean isPrivate = content.equals("PRIVATE");
    String pem = isPrivate ? KeyPairPem.generate().privatePem() : content;
    Path file = deployment.onbehalf().file("bad.pem", pem);

    Command.Result result =
        deployment
            .onbehalf()
            .tryCommand("consumer", "add", "bad-key", "--public-key", file.toString());

    BadInputTest.assertRefused(result, BadInputTest.USAGE, "key");
    assertThat(deployment.onbehalf().command("consumer", "list")).doesNotContain("bad-key");
  }

  @Test
  void addConsumerWhenKeyFileIsMissingThenNamesIt() {
    BadInputTest.assertRefused(
        deployment.onbehalf().tryCommand("consumer", "add", "x", "--public-key", "none.pem"),
        BadInputTest.CONFIGURATION,
        "none.pem");
  }

  @Test
  void showConsumerWhenUnknownThenNotFound() {
    BadInputTest.assertRefused(
        deployment.onbehalf().tryCommand("consumer", "show", "unheard-of"),
        BadInputTest.NOT_FOUND,
        "unheard-of");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OAuth oauth_signature=\"x",
        "OAuth oauth_consumer_key=\"tracker\", oauth_signature=\"%zz\"",
        "OAuth oauth_signature=\"a\", oauth_signature=\"b\", oauth_consumer_key=\"tracker\"",
      })
  void callWhenHeaderIsMalformedThenRefusedWithoutReachingTheUpstream(String header)
      throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(deployment.echo("/malformed"))
                .header("Authorization", header)
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("OAuth ");
    assertThat(answer.body()).doesNotContain("\"target\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oauth_consumer_key=\"tracker\" | oauth_consumer_key=\"other\" | consumer_key_unknown",
        "oauth_signature_method=\"RSA-SHA1\" | oauth_signature_method=\"PLAINTEXT\""
            + " | signature_method_rejected",
        "oauth_version=\"1.0\" | oauth_version=\"2.0\" | version_rejected",
        "oauth_token=\"\" | oauth_token=\"invented\" | signature_invalid"
      })
  void callWhenSignedParameterIsChangedThenProblemIsNamed(String part, String wrong, String problem)
      throws Exception {
    URI url = deployment.echo("/changed");
    NetOAuthClient client =
        new NetOAuthClient(deployment.settings(deployment.echo(""), Signing.RSA_SHA1, null));
    String header = client.authorization("GET", url, new Token("", ""));
    assertThat(header).contains(part);

    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(url)
                .header("Authorization", header.replace(part, wrong))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("oauth_problem=\"" + problem + "\"");
  }

  @Test
  void callWhenUpstreamIsDownThenBadGatewayWithRequestId() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(deployment.buildbot("/api")).build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
    assertThat(answer.body()).contains(answer.headers().firstValue("X-Request-Id").orElse("?"));
  }
}
