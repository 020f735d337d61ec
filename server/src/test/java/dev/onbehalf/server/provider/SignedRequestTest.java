package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Signed requests (cases 45 to 53, 57)")
final class SignedRequestTest {
  private static final String JOB = "/job/a%252Fb/build";
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static String signed(Peer peer, Token token, String pathAndQuery) {
    return peer.signer()
        .withToken(token.value(), token.secret())
        .sign("GET", TestProvider.URL.with(pathAndQuery))
        .authorizationHeader();
  }

  @DisplayName("45: what carries no complete signature passes as it came")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic YWxpY2U6c2VjcmV0",
        "Bearer abc",
        "OAuth",
        "OAuth realm=\"x\"",
        "OAuth oauth_consumer_key=\"jira\", oauth_token=\"\", oauth_nonce=\"1\"",
        "OAuth ya29.a-token-of-another-protocol"
      })
  void authenticateWhenNoSignatureThenUnsigned(String authorization) {
    assertThat(provider.verdict("/job/x/", authorization)).isInstanceOf(Verdict.Unsigned.class);

    HttpResponse<String> response = provider.hmac().get(Peer.WHO_AM_I, authorization);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  @DisplayName("46: a granted token makes the request run as its person")
  void authenticateWhenTokenIsGrantedThenAcceptedAsThePerson() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");

    Verdict verdict = provider.verdict(JOB, signed(peer, token, JOB));

    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    Caller caller = ((Verdict.Accepted) verdict).caller();
    assertThat(caller.person().name()).isEqualTo("alice");
    assertThat(caller.consumerKey()).isEqualTo(peer.key());
    assertThat(caller.mode()).isEqualTo(Caller.Mode.THREE_LEGGED);
    assertThat(caller.tokenId())
        .isEqualTo(provider.administration().tokens("alice", peer.key()).get(0).id());
  }

  @Test
  void authenticateAtOnceWhenEverythingIsKnownThenDecidedAsElsewhere() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    assertThat(provider.verdict(JOB, signed(peer, token, JOB)))
        .isInstanceOf(Verdict.Accepted.class);
    String authorization = signed(peer, token, JOB);

    assertThat(atOnce(authorization)).isInstanceOf(Verdict.Accepted.class);
    assertThat(refused(Objects.requireNonNull(atOnce(authorization))).problem())
        .isEqualTo("nonce_used");
  }

  @Test
  void authenticateAtOnceWhenTheTokenMustBeLookedUpThenNothingIsSpent() {
    Peer peer = provider.rsa();
    String authorization = signed(peer, peer.granted("alice"), JOB);

    assertThat(atOnce(authorization)).isNull();
    assertThat(provider.verdict(JOB, authorization)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void authenticateAtOnceWhenAConsumerWasChangedThenNothingIsSpent() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    assertThat(provider.verdict(JOB, signed(peer, token, JOB)))
        .isInstanceOf(Verdict.Accepted.class);
    String authorization = signed(peer, token, JOB);
    provider.edit(peer.key(), consumer -> consumer.enabled(false));

    assertThat(atOnce(authorization)).isNull();
    assertThat(refused(provider.verdict(JOB, authorization)).problem())
        .isEqualTo("consumer_key_rejected");
  }

  private static @Nullable Verdict atOnce(String authorization) {
    return provider
        .provider()
        .authenticator()
        .authenticateAtOnce(provider.request("GET", JOB, authorization, null), consumer -> true);
  }

  @Test
  void authenticateWhenSentTwiceThenNonceUsed() {
    Peer peer = provider.rsa();
    String authorization = signed(peer, peer.granted("alice"), JOB);

    assertThat(provider.verdict(JOB, authorization)).isInstanceOf(Verdict.Accepted.class);
    assertThat(refused(provider.verdict(JOB, authorization)).problem()).isEqualTo("nonce_used");
  }

  @Test
  void authenticateWhenConsumerIsNotAdmittedThenTheNonceIsNotSpent() {
    Peer peer = provider.rsa();
    String authorization = signed(peer, peer.granted("alice"), JOB);
    SignedRequest request = provider.request("GET", JOB, authorization, null);

    Verdict first = provider.provider().authenticator().authenticate(request, key -> false);

    assertThat(first).isEqualTo(new Verdict.NotAdmitted(peer.key()));
    assertThat(provider.verdict(JOB, authorization)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void standsWhenTokenIsRevokedThenNoMore() {
    Peer peer = provider.rsa();
    Caller caller = accepted(peer);
    assertThat(stands(caller)).isTrue();

    provider.administration().revoke(TestProvider.ADMIN, String.valueOf(caller.tokenId()));

    assertThat(stands(caller)).isFalse();
  }

  @Test
  void standsWhenConsumerIsSwitchedOffOrLosesReachThenNoMore() {
    Peer peer = provider.rsa();
    Caller caller = accepted(peer);

    provider.edit(peer.key(), consumer -> consumer.enabled(false));
    assertThat(stands(caller)).isFalse();
    provider.edit(peer.key(), consumer -> consumer.enabled(true));
    assertThat(stands(caller)).isTrue();
    provider.administration().remove(TestProvider.ADMIN, peer.key());

    assertThat(stands(caller)).isFalse();
  }

  @Test
  void standsWhenPersonMayNotSignInThenNoMore() {
    provider.people.put("carol", true);
    Peer peer = provider.rsa();
    String authorization = signed(peer, peer.granted("carol"), JOB);
    Caller caller = ((Verdict.Accepted) provider.verdict(JOB, authorization)).caller();
    assertThat(stands(caller)).isTrue();

    provider.people.put("carol", false);

    assertThat(stands(caller)).isFalse();
  }

  private static Caller accepted(Peer peer) {
    Verdict verdict = provider.verdict(JOB, signed(peer, peer.granted("alice"), JOB));
    return ((Verdict.Accepted) verdict).caller();
  }

  private static boolean stands(Caller caller) {
    return provider.provider().authenticator().stands(caller, "ci");
  }

  @Test
  void authenticateWhenSignatureIsWrongThenNobodyIsCounted() {
    Peer peer = provider.rsa();
    String authorization = signed(peer, peer.granted("alice"), JOB);
    SignedRequest request = provider.request("POST", JOB, authorization, null);
    List<String> counted = new ArrayList<>();

    Verdict verdict = provider.provider().authenticator().authenticate(request, counted::add);

    assertThat(refused(verdict).problem()).isEqualTo("signature_invalid");
    assertThat(counted).isEmpty();
  }

  @Test
  @DisplayName("48: a token does not outlive its consumer")
  void authenticateWhenConsumerWasRemovedThenConsumerKeyUnknown() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");

    provider.administration().remove(TestProvider.ADMIN, peer.key());

    Answered.problem(peer.whoAmI(token), 401, "consumer_key_unknown");
    assertThat(provider.administration().tokens("alice", peer.key())).isEmpty();
  }

  @Test
  @DisplayName("49: a token works for its own consumer alone")
  void authenticateWhenTokenIsOfAnotherConsumerThenTokenRejected() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");

    Answered.problem(provider.hmac().whoAmI(token), 401, "token_rejected");
    Answered.problem(provider.rsa().whoAmI(token), 401, "token_rejected");
  }

  @Test
  @DisplayName("50: unknown, request, expired and revoked tokens are refused")
  void authenticateWhenTokenIsOfNoUseThenRefused() {
    Peer peer = provider.hmac();
    Answered.problem(peer.whoAmI(new Token("unknown", Fixtures.SHARED)), 401, "token_rejected");
    Token request = peer.requestToken();
    Answered.problem(peer.whoAmI(request), 401, "token_rejected");
    provider.browser().signIn("alice").consent(request).allow();
    Answered.problem(peer.whoAmI(request), 401, "token_rejected");

    Token revoked = peer.granted("alice");
    String id = provider.administration().tokens("alice", peer.key()).get(0).id();
    assertThat(provider.administration().revoke(TestProvider.ADMIN, id)).isTrue();
    Answered.problem(peer.whoAmI(revoked), 401, "token_rejected");
    assertThat(provider.event("token-revoke").person()).isEqualTo("admin");

    Peer brief = provider.rsa(consumer -> consumer.tokenLife(Duration.ofHours(1)));
    Token expired = brief.granted("alice");
    provider.clock.advance(Duration.ofMinutes(61));
    Answered.problem(brief.whoAmI(expired), 401, "token_expired");
  }

  @Test
  @DisplayName("51: a bad signature is refused")
  void authenticateWhenSignatureIsBadThenSignatureInvalid() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    Signer forger =
        Signer.rsa(SignatureMethod.RSA_SHA1, peer.key(), Fixtures.OTHER_RSA.getPrivate());

    Answered.problem(provider.peer(peer.key(), forger).whoAmI(token), 401, "signature_invalid");
    String ofAnotherPath = signed(peer, token, "/job/x/build");
    assertThat(refused(provider.verdict("/job/y/build", ofAnotherPath)).problem())
        .isEqualTo("signature_invalid");
  }

  @Test
  @DisplayName("52: an unexpected failure is a 500 that tells nothing")
  void authenticateWhenSomethingFailsThen500WithoutDetails() {
    Peer peer = provider.rsa(consumer -> consumer.impersonation(true));

    HttpResponse<String> response =
        peer.whoAmITwoLegged("?xoauth_requestor_id=" + TestProvider.FAULT);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("fault", "Exception", "directory");
    assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  void authenticateWhenTheDirectoryIsAwayThen503() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    provider.people.setAvailable(false);
    try {
      HttpResponse<String> response = peer.whoAmI(token);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(response.body()).doesNotContain("ldap");
    } finally {
      provider.people.setAvailable(true);
    }
  }

  @Test
  @DisplayName("53: the token of a person who is gone is rejected, and nothing names them")
  void authenticateWhenPersonIsGoneThenTokenRejectedWithoutNames() {
    Peer peer = provider.rsa();
    provider.people.put("carol", true);
    Token token = peer.granted("carol");
    provider.people.remove("carol");

    HttpResponse<String> response = peer.whoAmI(token);

    Answered.problem(response, 401, "token_rejected");
    assertThat(response.body() + response.headers().map()).doesNotContain("carol", token.value());
  }

  @Test
  void authenticateWhenTheNameWasGivenToSomebodyElseThenTokenRejected() {
    Peer peer = provider.rsa();
    provider.people.put("dave", true);
    Token token = peer.granted("dave");

    provider.people.replace("dave");

    Answered.problem(peer.whoAmI(token), 401, "token_rejected");
  }

  @Test
  void authenticateWhenPersonIsInactiveThenTheLevelIsOff() {
    Peer peer = provider.rsa();
    provider.people.put("erin", true);
    Token token = peer.granted("erin");

    provider.people.put("erin", false);

    Answered.levelOff(peer.whoAmI(token));
  }

  @Test
  void authenticateWhenThreeLeggedIsOffThenPermissionDenied() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");

    provider.edit(peer.key(), consumer -> consumer.threeLegged(false));

    Answered.problem(peer.whoAmI(token), 401, "permission_denied");
  }

  @Test
  void authenticateWhenConsumerIsSwitchedOffThenConsumerKeyRejected() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");

    provider.edit(peer.key(), consumer -> consumer.enabled(false));

    Answered.problem(peer.whoAmI(token), 401, "consumer_key_rejected");
  }

  @Test
  void authenticateWhenUnusedForTooLongThenTokenExpired() {
    Peer peer = provider.hmac(consumer -> consumer.idleLimit(Duration.ofDays(7)));
    Token token = peer.granted("alice");
    provider.clock.advance(Duration.ofDays(6));
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");
    provider.clock.advance(Duration.ofDays(6));
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");

    provider.clock.advance(Duration.ofDays(7));

    Answered.problem(peer.whoAmI(token), 401, "token_expired");
  }

  @Test
  void authenticateWhenTheConsumerReachesOtherApplicationsThenPermissionDenied() {
    Peer peer = provider.rsa(consumer -> consumer.applications(List.of("ci")).twoLegged("bob"));
    assertThat(peer.whoAmITwoLegged("").body()).isEqualTo("bob");
    String authorization =
        peer.signer().twoLegged().sign("GET", "https://other.example.com/").authorizationHeader();

    Verdict verdict =
        provider
            .provider()
            .authenticator()
            .authenticate(
                new SignedRequest(
                    "r-gateway",
                    "other",
                    "GET",
                    List.of("https://other.example.com/"),
                    null,
                    List.of(authorization),
                    null,
                    "127.0.0.1"));

    assertThat(refused(verdict).problem()).isEqualTo("permission_denied");
  }

  @Test
  @DisplayName("57: OAuth parameters alone earn a request nothing")
  void authenticateWhenParametersAreMadeUpThenRefusedNotLetThrough() {
    String query =
        "oauth_consumer_key=x&oauth_token=x&oauth_signature_method=HMAC-SHA1"
            + "&oauth_signature=x&oauth_timestamp=1&oauth_nonce=x";
    Verdict inQuery = provider.verdict("POST", "/script?" + query, null, null);
    Verdict inForm =
        provider.verdict("POST", "/script", null, query.getBytes(StandardCharsets.US_ASCII));

    assertThat(refused(inQuery).problem()).isEqualTo("consumer_key_unknown");
    assertThat(inForm).isInstanceOf(Verdict.Unsigned.class);
  }

  @Test
  void authenticateWhenAFormIsSignedThenItsParametersAreCovered() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");
    byte[] form = "name=a+b&name=%C3%A4".getBytes(StandardCharsets.US_ASCII);
    String url = TestProvider.URL.with(JOB);
    String authorization =
        peer.signer(token).sign("POST", url, form, Map.of()).authorizationHeader();
    byte[] changed = "name=a+b&name=x".getBytes(StandardCharsets.US_ASCII);

    assertThat(refused(provider.verdict("POST", JOB, authorization, changed)).problem())
        .isEqualTo("signature_invalid");
    assertThat(provider.verdict("POST", JOB, authorization, form))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void authenticateWhenAnyListedUrlWasSignedThenAcceptedAndOthersNever() {
    Peer peer = provider.hmac();
    Token token = peer.granted("alice");
    String internal = "http://ci.internal:8080" + JOB;
    List<String> authorization =
        List.of(peer.signer(token).sign("GET", internal).authorizationHeader());

    assertThat(refused(provider.verdict(JOB, authorization.get(0))).problem())
        .isEqualTo("signature_invalid");
    assertThat(
            provider
                .provider()
                .authenticator()
                .authenticate(
                    new SignedRequest(
                        "r-gateway",
                        "ci",
                        "GET",
                        List.of(TestProvider.URL.with(JOB), internal),
                        null,
                        authorization,
                        null,
                        "127.0.0.1")))
        .isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void whoAmIWhenAskedByABrowserThenTheSessionsPerson() {
    Browser browser = provider.browser();
    assertThat(browser.get(Peer.WHO_AM_I).body()).isEmpty();
    assertThat(browser.signIn("bob").get(Peer.WHO_AM_I).body()).isEqualTo("bob");
  }

  private static Verdict.Refused refused(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    return (Verdict.Refused) verdict;
  }
}
