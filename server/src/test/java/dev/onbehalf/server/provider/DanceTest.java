package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole three-legged dances over sockets, as peers and browsers do them. */
final class DanceTest {
  private final TestProvider provider = TestProvider.start();

  @AfterEach
  void stop() {
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ATLASSIAN, RSA_SHA1",
    "ATLASSIAN, HMAC_SHA1",
    "ATLASSIAN, RSA_SHA256",
    "ATLASSIAN, HMAC_SHA256",
    "BITBUCKET, RSA_SHA1",
    "BITBUCKET, HMAC_SHA1"
  })
  void danceWhenAllowedThenRequestsRunAsThePerson(Family family, SignatureMethod method) {
    Peer peer = registered("jira", method);

    HttpResponse<String> asked =
        peer.post(family.requestToken, Peer.NO_TOKEN, Map.of("oauth_callback", Fixtures.CALLBACK));
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    assertThat(asked.headers().firstValue("content-type")).hasValue("text/plain");
    assertThat(asked.body())
        .matches(
            "oauth_token=[0-9A-Za-z]{32}&oauth_token_secret=[0-9A-Za-z]{32}"
                + "&oauth_callback_confirmed=true");
    Token request = Token.in(asked);

    Browser browser = provider.browser();
    String start = family.authorize + "?oauth_token=" + request.value();
    HttpResponse<String> challenge = browser.get(start);
    assertThat(challenge.statusCode()).isEqualTo(303);
    assertThat(challenge.headers().firstValue("Location").orElseThrow())
        .startsWith(TestProvider.URL.with("/-/onbehalf/sign-in"));
    HttpResponse<String> signedIn = browser.signIn("alice", start);
    assertThat(signedIn.headers().firstValue("Location")).hasValue(TestProvider.URL.with(start));
    Browser.Consent consent = browser.consent(family, request);
    assertThat(consent.body()).contains("Consumer jira", "alice", "consumer.example.com");
    Browser.Landing landing = consent.allow();
    assertThat(landing.location())
        .matches(
            Fixtures.CALLBACK.replace(".", "\\.")
                + "\\?oauth_token="
                + request.value()
                + "&oauth_verifier=[0-9A-Za-z]{10}");

    HttpResponse<String> exchanged =
        peer.post(family.accessToken, request, Map.of("oauth_verifier", landing.verifier()));
    assertThat(exchanged.statusCode()).as(exchanged.body()).isEqualTo(200);
    assertThat(exchanged.headers().firstValue("content-type")).hasValue("text/plain");
    assertThat(exchanged.body())
        .matches(
            "oauth_token=[0-9A-Za-z]{32}&oauth_token_secret=[0-9A-Za-z]{32}"
                + "&oauth_expires_in=157680000&oauth_session_handle=[0-9A-Za-z]{32}"
                + "&oauth_authorization_expires_in=160272000");
    HttpResponse<String> asked2 = peer.whoAmI(Token.in(exchanged));
    assertThat(asked2.statusCode()).as(asked2.body()).isEqualTo(200);
    assertThat(asked2.body()).isEqualTo("alice");
    assertThat(provider.event("access-token").person()).isEqualTo("alice");
    assertThat(provider.event("consent").detail()).startsWith("Allowed");
  }

  @ParameterizedTest
  @EnumSource(Family.class)
  void danceWhenDeniedThenThePeerIsToldAndNothingIsGranted(Family family) {
    Peer peer = provider.rsa();
    Token request = peer.requestToken();

    Browser.Landing landing = provider.browser().signIn("alice").consent(family, request).deny();
    assertThat(landing.location())
        .isEqualTo(
            Fixtures.CALLBACK + "?oauth_token=" + request.value() + "&oauth_verifier=denied");

    HttpResponse<String> exchanged =
        peer.post(family.accessToken, request, Map.of("oauth_verifier", "denied"));
    Answered.problem(exchanged, 401, "permission_denied");
    assertThat(provider.administration().tokens(null, null)).isEmpty();
  }

  @Test
  void danceWhenOutOfBandThenTheCodeIsShownAndWorks() {
    Peer peer = provider.hmac(consumer -> consumer.callbacks(List.of()));
    Token request = peer.requestToken("oob");

    Browser.Landing landing = provider.browser().signIn("bob").consent(request).allow();
    assertThat(landing.response().statusCode()).isEqualTo(200);
    String code =
        landing
            .response()
            .body()
            .replaceAll("(?s).*<p class=\"code\"><code>([0-9A-Za-z]+)</code>.*", "$1");

    assertThat(peer.whoAmI(Token.in(peer.exchange(request, code))).body()).isEqualTo("bob");
  }

  @Test
  void danceWhenOutOfBandIsDeniedThenAPageSaysSo() {
    Peer peer = provider.hmac(consumer -> consumer.callbacks(List.of()));
    Token request = peer.requestToken("oob");

    HttpResponse<String> page = provider.browser().signIn("bob").consent(request).deny().response();

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("may not act as you").doesNotContain("class=\"code\"");
    Answered.problem(peer.exchange(request, "denied"), 401, "permission_denied");
  }

  @Test
  void danceWhenTheCallbackHasAQueryThenParametersAreAppended() {
    Peer peer = provider.rsa();
    String callback = Fixtures.CALLBACK + "?applicationLinkID=5f0c&redirectUrl=%2Fbrowse%3Fa%3D1";
    Token request = peer.requestToken(callback);

    Browser.Landing landing = provider.browser().signIn("alice").consent(request).allow();

    assertThat(landing.location()).startsWith(callback + "&oauth_token=" + request.value() + "&");
  }

  @Test
  void danceWhenAuthorizeBringsAnotherCallbackThenTheStoredOneCounts() {
    Peer peer = provider.rsa();
    Token request = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");

    HttpResponse<String> page =
        browser.get(
            Family.ATLASSIAN.authorize
                + "?oauth_token="
                + request.value()
                + "&oauth_callback=https%3A%2F%2Fevil.example.com%2F");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("evil.example.com");
    assertThat(browser.consent(request).allow().location()).startsWith(Fixtures.CALLBACK + "?");
  }

  private Peer registered(String key, SignatureMethod method) {
    ConsumerBuilder builder =
        method.isRsa()
            ? Fixtures.rsa(key, provider.clock.instant()).signatureMethod(method)
            : Fixtures.hmac(key, provider.clock.instant())
                .signatureMethod(method)
                .sharedSecret(Fixtures.SHARED);
    provider.administration().add(TestProvider.ADMIN, builder.build());
    return provider.peer(
        key,
        method.isRsa()
            ? Signer.rsa(method, key, Fixtures.RSA.getPrivate())
            : Signer.hmac(method, key, Fixtures.SHARED));
  }
}
