package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Access tokens (cases 9 to 21)")
final class AccessTokenTest {
  private static final String PATH = Family.ATLASSIAN.accessToken;
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  /** A request token alice allowed, and its verifier. */
  private record Allowed(Token token, String verifier) {}

  private static Allowed allowed(Peer peer) {
    Token token = peer.requestToken();
    return new Allowed(token, provider.browser().signIn("alice").consent(token).allow().verifier());
  }

  @Test
  @DisplayName("9: what was allowed is exchanged once, for five parameters in a fixed order")
  void exchangeWhenAllowedAndVerifierRightThenFiveParametersAndTheOldTokenIsGone() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);

    HttpResponse<String> response = peer.exchange(allowed.token, allowed.verifier);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain");
    assertThat(response.body())
        .matches(
            "oauth_token=\\w{32}&oauth_token_secret=\\w{32}&oauth_expires_in=157680000"
                + "&oauth_session_handle=\\w{32}&oauth_authorization_expires_in=160272000");
    Answered.problem(peer.exchange(allowed.token, allowed.verifier), 401, "token_rejected");
    assertThat(provider.administration().tokens("alice", peer.key())).hasSize(1);
  }

  @Test
  @DisplayName("10: another consumer cannot exchange it")
  void exchangeWhenOfAnotherConsumerThenTokenRejectedAndNotSpent() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);

    Answered.problem(
        provider.hmac().exchange(allowed.token, allowed.verifier), 401, "token_rejected");
    Answered.problem(
        provider.rsa().exchange(allowed.token, allowed.verifier), 401, "token_rejected");
    assertThat(peer.exchange(allowed.token, allowed.verifier).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("11: an unknown token is rejected")
  void exchangeWhenTokenIsUnknownThenTokenRejected() {
    Token unknown = new Token("unknown", Fixtures.SHARED);

    Answered.problem(provider.hmac().exchange(unknown, "x"), 401, "token_rejected");
    Answered.problem(provider.rsa().exchange(unknown, "x"), 401, "token_rejected");
  }

  @Test
  @DisplayName("12: an expired request token says so")
  void exchangeWhenExpiredThenTokenExpired() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);
    provider.clock.advance(Duration.ofMinutes(11));

    Answered.problem(peer.exchange(allowed.token, allowed.verifier), 401, "token_expired");
  }

  @Test
  @DisplayName("13: an undecided token is not yet permitted")
  void exchangeWhenUndecidedThenPermissionUnknown() {
    Peer peer = provider.hmac();

    Answered.problem(peer.exchange(peer.requestToken(), "x"), 401, "permission_unknown");
  }

  @Test
  @DisplayName("14: a denied token is denied")
  void exchangeWhenDeniedThenPermissionDenied() {
    Peer peer = provider.hmac();
    Token token = peer.requestToken();
    provider.browser().signIn("alice").consent(token).deny();

    Answered.problem(peer.exchange(token, "denied"), 401, "permission_denied");
  }

  @Test
  @DisplayName("15: a bad signature is told alone and spends nothing")
  void exchangeWhenSignatureIsBadThenThatAloneAndNotSpent() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);
    Token wrong = new Token(allowed.token.value(), Fixtures.SHARED);

    HttpResponse<String> response = peer.exchange(wrong, allowed.verifier);

    Answered.problem(response, 401, "signature_invalid");
    assertThat(response.body()).isEqualTo("oauth_problem=signature_invalid");
    assertThat(peer.exchange(allowed.token, allowed.verifier).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("16: a token withdrawn before its exchange is rejected")
  void exchangeWhenThePersonsTokensWereRevokedThenTokenRejected() {
    Peer peer = provider.hmac();
    Token token = peer.requestToken();
    provider.people.put("carol", true);
    String verifier = provider.browser().signIn("carol").consent(token).allow().verifier();
    provider.administration().revokeAllOfPerson(TestProvider.ADMIN, "carol");

    Answered.problem(peer.exchange(token, verifier), 401, "token_rejected");
  }

  @Test
  @DisplayName("17: without a token the request is incomplete")
  void exchangeWhenNoTokenThenParameterAbsent() {
    HttpResponse<String> response =
        provider.hmac().post(PATH, Peer.NO_TOKEN, Map.of("oauth_verifier", "x"));

    Answered.problem(response, 400, "parameter_absent");
    assertThat(Answered.parameter(response, "oauth_parameters_absent")).isEqualTo("oauth_token");
  }

  @Test
  @DisplayName("18: without a verifier the request is incomplete")
  void exchangeWhenNoVerifierThenParameterAbsent() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);

    HttpResponse<String> response = peer.post(PATH, allowed.token, Map.of());

    Answered.problem(response, 400, "parameter_absent");
    assertThat(Answered.parameter(response, "oauth_parameters_absent")).isEqualTo("oauth_verifier");
    assertThat(peer.exchange(allowed.token, allowed.verifier).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("19: a wrong verifier is rejected, and the fifth burns the token")
  void exchangeWhenVerifierIsWrongThenTokenRejectedAndFiveBurnIt() {
    Peer peer = provider.hmac();
    Allowed allowed = allowed(peer);

    for (int attempt = 1; attempt <= 5; attempt++) {
      Answered.problem(peer.exchange(allowed.token, "wrong"), 401, "token_rejected");
    }

    Answered.problem(peer.exchange(allowed.token, allowed.verifier), 401, "token_rejected");
  }

  @Test
  @DisplayName("20: a renewal gives a new token and a new handle; the old ones are gone")
  void renewWhenHandleIsRightThenNewTokenAndHandle() {
    Peer peer = provider.hmac();
    HttpResponse<String> first = peer.dance("alice");
    Token old = Token.in(first);
    String handle = Answered.parameter(first, "oauth_session_handle");

    HttpResponse<String> renewed = peer.renew(old, handle);

    assertThat(renewed.statusCode()).as(renewed.body()).isEqualTo(200);
    assertThat(Answered.parameter(renewed, "oauth_session_handle")).isNotEqualTo(handle);
    assertThat(peer.whoAmI(Token.in(renewed)).body()).isEqualTo("alice");
    Answered.problem(peer.whoAmI(old), 401, "token_rejected");
    Answered.problem(peer.renew(old, handle), 401, "token_rejected");
  }

  @Test
  @DisplayName("21: a renewal without, with a wrong or with an outlived handle is refused")
  void renewWhenHandleIsAbsentWrongOrOutlivedThenRefused() {
    Peer peer = provider.hmac();
    HttpResponse<String> first = peer.dance("alice");
    Token token = Token.in(first);

    HttpResponse<String> absent = peer.post(PATH, token, Map.of());
    Answered.problem(absent, 400, "parameter_absent");
    assertThat(Answered.parameter(absent, "oauth_parameters_absent"))
        .isEqualTo("oauth_session_handle");
    Answered.problem(peer.renew(token, "wrong"), 401, "token_rejected");
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");

    provider.clock.advance(Duration.ofDays(5 * 365 + 31));
    Answered.problem(
        peer.renew(token, Answered.parameter(first, "oauth_session_handle")),
        401,
        "permission_denied");
  }

  @Test
  void renewWhenTheAccessTokenExpiredThenTheSessionStillRenewsIt() {
    ProviderConfig brief =
        new ProviderConfig(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofDays(400));
    try (TestProvider there = TestProvider.start(brief)) {
      Peer peer = there.rsa();
      HttpResponse<String> first = peer.dance("alice");
      there.clock.advance(Duration.ofMinutes(90));
      Answered.problem(peer.whoAmI(Token.in(first)), 401, "token_expired");

      HttpResponse<String> renewed =
          peer.renew(Token.in(first), Answered.parameter(first, "oauth_session_handle"));
      assertThat(peer.whoAmI(Token.in(renewed)).body()).isEqualTo("alice");

      there.clock.advance(Duration.ofMinutes(121));
      Answered.problem(
          peer.renew(Token.in(renewed), Answered.parameter(renewed, "oauth_session_handle")),
          401,
          "permission_denied");
    }
  }

  @Test
  void renewWhenThePersonIsGoneOrReplacedThenTokenRejected() {
    Peer peer = provider.hmac();
    provider.people.put("dave", true);
    HttpResponse<String> first = peer.dance("dave");
    String handle = Answered.parameter(first, "oauth_session_handle");

    provider.people.remove("dave");
    Answered.problem(peer.renew(Token.in(first), handle), 401, "token_rejected");
    provider.people.replace("dave");
    Answered.problem(peer.renew(Token.in(first), handle), 401, "token_rejected");
  }

  @Test
  void exchangeWhenThePersonWasReplacedSinceThenTheTokenIsOfNoUse() {
    Peer peer = provider.hmac();
    provider.people.put("erin", true);
    Token token = peer.requestToken();
    String verifier = provider.browser().signIn("erin").consent(token).allow().verifier();
    provider.people.replace("erin");

    HttpResponse<String> exchanged = peer.exchange(token, verifier);

    Answered.problem(exchanged, 401, "token_rejected");
  }

  @Test
  void exchangeWhenThreeLeggedWasSwitchedOffSinceThenPermissionDenied() {
    Peer peer = provider.rsa();
    Allowed allowed = allowed(peer);
    provider.edit(peer.key(), consumer -> consumer.threeLegged(false));

    Answered.problem(peer.exchange(allowed.token, allowed.verifier), 401, "permission_denied");
  }

  @Test
  void exchangeWhenSignedByTheWrongKindOfKeyThenRefused() {
    Peer peer = provider.rsa();
    Allowed allowed = allowed(peer);
    Peer forger =
        provider.peer(
            peer.key(), Signer.hmac(SignatureMethod.HMAC_SHA1, peer.key(), Fixtures.SHARED));

    Answered.problem(
        forger.exchange(allowed.token, allowed.verifier), 400, "signature_method_rejected");
  }
}
