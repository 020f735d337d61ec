package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OAuth 1.0 without callback and verifier: off unless the consumer record says otherwise. */
final class LegacyFlowTest {
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static HttpResponse<String> ask(Peer peer) {
    return peer.post(Family.ATLASSIAN.requestToken, Peer.NO_TOKEN, Map.of());
  }

  @Test
  void danceWhenLegacyIsOnThenNoVerifierIsNeeded() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true));
    HttpResponse<String> asked = ask(peer);
    assertThat(asked.body()).matches("oauth_token=\\w{32}&oauth_token_secret=\\w{32}");
    Token token = Token.in(asked);

    Browser.Consent consent = provider.browser().signIn("alice").consent(token);
    assertThat(consent.body()).contains("OAuth 1.0");
    assertThat(consent.allow().location())
        .isEqualTo(Fixtures.CALLBACK + "?oauth_token=" + token.value());

    HttpResponse<String> exchanged = peer.post(Family.ATLASSIAN.accessToken, token, Map.of());
    assertThat(peer.whoAmI(Token.in(exchanged)).body()).isEqualTo("alice");
  }

  @Test
  void danceWhenLegacyIsDeniedThenTheCallbackGetsTheTokenAlone() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true));
    Token token = Token.in(ask(peer));

    assertThat(provider.browser().signIn("alice").consent(token).deny().location())
        .isEqualTo(Fixtures.CALLBACK + "?oauth_token=" + token.value());
    Answered.problem(
        peer.post(Family.ATLASSIAN.accessToken, token, Map.of()), 401, "permission_denied");
  }

  @Test
  void danceWhenLegacyBringsItsCallbackThenOnlyARegisteredOne() {
    Peer peer =
        provider.rsa(
            consumer ->
                consumer
                    .legacyFlow(true)
                    .callbacks(List.of(Fixtures.CALLBACK, "https://two.example.com/back")));
    Token token = Token.in(ask(peer));
    Browser browser = provider.browser().signIn("alice");
    String page = Family.ATLASSIAN.authorize + "?oauth_token=" + token.value();

    assertThat(browser.get(page + "&oauth_callback=https%3A%2F%2Fevil.example.com").statusCode())
        .isEqualTo(400);
    HttpResponse<String> shown =
        browser.get(page + "&oauth_callback=https%3A%2F%2Ftwo.example.com%2Fback%3Fx%3D1");
    assertThat(shown.statusCode()).isEqualTo(200);
    Map<String, String> fields = Browser.hidden(shown.body());
    fields.put("decision", "allow");
    assertThat(browser.post(Family.ATLASSIAN.authorize, fields).headers().firstValue("Location"))
        .hasValue("https://two.example.com/back?x=1&oauth_token=" + token.value());
  }

  @Test
  void danceWhenLegacyHasNoCallbackAtAllThenAPageSaysWhatToDo() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true).callbacks(List.of()));
    Token token = Token.in(ask(peer));

    HttpResponse<String> page =
        provider.browser().signIn("alice").consent(token).allow().response();

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Go back to the application").doesNotContain("class=\"code\"");
    assertThat(peer.post(Family.ATLASSIAN.accessToken, token, Map.of()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void danceWhenLegacyWasSwitchedOffSinceThenRefused() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true));
    Token shown = Token.in(ask(peer));
    Token allowed = Token.in(ask(peer));
    provider.browser().signIn("alice").consent(allowed).allow();
    provider.edit(peer.key(), consumer -> consumer.legacyFlow(false));

    assertThat(
            provider
                .browser()
                .signIn("alice")
                .get(Family.ATLASSIAN.authorize + "?oauth_token=" + shown.value())
                .statusCode())
        .isEqualTo(401);
    Answered.problem(
        peer.post(Family.ATLASSIAN.accessToken, allowed, Map.of()), 401, "permission_denied");
    Answered.problem(ask(peer), 400, "parameter_absent");
  }

  @Test
  void danceWhenLegacyIsOnThenOneZeroAStillNeedsItsVerifier() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true));
    Token token = peer.requestToken();
    provider.browser().signIn("alice").consent(token).allow();

    Answered.problem(
        peer.post(Family.ATLASSIAN.accessToken, token, Map.of()), 400, "parameter_absent");
  }

  @Test
  void warningsWhenLegacyIsOnThenTheConsumerSaysSo() {
    Peer peer = provider.rsa(consumer -> consumer.legacyFlow(true));

    assertThat(provider.administration().consumer(peer.key()).orElseThrow().warnings())
        .anyMatch(warning -> warning.contains("OAuth 1.0"));
  }
}
