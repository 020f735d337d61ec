package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.Grants;
import dev.onbehalf.server.access.PermissionSet;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.policy.ConsumerPolicy;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person is told at consent, may grant less of, and what the token then carries. */
final class NarrowingTest {
  private static final Permissions READ_ONLY =
      new Permissions(Set.of(PermissionSet.READ_ONLY), List.of());
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static Browser.Consent asked(Token token) {
    return provider.browser().signIn("alice").consent(token);
  }

  private static AccessToken token(Peer peer) {
    return provider.administration().tokens("alice", peer.key()).get(0);
  }

  private static Caller caller(Peer peer, Token token) {
    String header =
        peer.signer(token).sign("GET", TestProvider.URL.with("/")).authorizationHeader();
    Verdict verdict = provider.verdict("/", header);
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return ((Verdict.Accepted) verdict).caller();
  }

  private static Grants.Grant grant(Peer peer, Token token) {
    return provider.provider().grants().of(caller(peer, token)).orElseThrow();
  }

  @Test
  void consentWhenNothingIsNarrowedThenTheTokenHasNoLimitsOfItsOwn() {
    Peer peer = provider.rsa();

    Token granted = peer.granted("alice");

    assertThat(grant(peer, granted).permissions()).containsExactly(Permissions.EVERYTHING);
    assertThat(token(peer).permissions()).isNull();
    assertThat(token(peer).grantEnds()).isNull();
  }

  @Test
  void consentWhenReadOnlyForADayThenTheTokenCarriesBoth() {
    Peer peer = provider.hmac();
    Token request = peer.requestToken();

    String verifier =
        asked(request).choose("permissions", "read-only").choose("life", "day").allow().verifier();
    HttpResponse<String> exchanged = peer.exchange(request, verifier);

    assertThat(Answered.parameter(exchanged, "oauth_expires_in")).isEqualTo("86400");
    assertThat(Answered.parameter(exchanged, "oauth_authorization_expires_in")).isEqualTo("86400");
    Token granted = Token.in(exchanged);
    assertThat(grant(peer, granted).permissions())
        .containsExactly(Permissions.EVERYTHING, READ_ONLY);
    assertThat(provider.event("consent").detail()).isEqualTo("Allowed, only read-only, for PT24H.");
    assertThat(provider.browser().signIn("alice").get(Provider.TOKENS_PATH).body())
        .contains("see what you can see");

    provider.clock.advance(Duration.ofHours(23));
    HttpResponse<String> renewed =
        peer.renew(granted, Answered.parameter(exchanged, "oauth_session_handle"));
    assertThat(Answered.parameter(renewed, "oauth_expires_in")).isEqualTo("3600");
    assertThat(grant(peer, Token.in(renewed)).permissions())
        .containsExactly(Permissions.EVERYTHING, READ_ONLY);
    provider.clock.advance(Duration.ofHours(1));
    Answered.problem(peer.whoAmI(Token.in(renewed)), 401, "token_expired");
    Answered.problem(
        peer.renew(Token.in(renewed), Answered.parameter(renewed, "oauth_session_handle")),
        401,
        "permission_denied");
  }

  @Test
  void policyWhenTheTokenIsReadOnlyThenItRefusesToChangeAnything() {
    Peer peer = provider.rsa();
    Token request = peer.requestToken();
    String verifier = asked(request).choose("permissions", "read-only").allow().verifier();
    Token narrowed = Token.in(peer.exchange(request, verifier));
    Token unlimited = peer.granted("alice");
    AccessPolicy policy =
        new ConsumerPolicy(provider.provider().grants(), provider.provider().protectedPeople());

    assertThat(policy.refusal(caller(peer, narrowed), "ci", "GET", "/job/x/")).isNull();
    assertThat(policy.refusal(caller(peer, narrowed), "ci", "POST", "/job/x/build"))
        .contains("read-only");
    assertThat(policy.refusal(caller(peer, unlimited), "ci", "POST", "/job/x/build")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"hour, 3600", "day, 86400", "month, 2592000"})
  void consentWhenALifeIsChosenThenTheTokenEndsThen(String life, String seconds) {
    Peer peer = provider.rsa();
    Token request = peer.requestToken();

    String verifier = asked(request).choose("life", life).allow().verifier();

    assertThat(Answered.parameter(peer.exchange(request, verifier), "oauth_expires_in"))
        .isEqualTo(seconds);
  }

  @Test
  void consentWhenTheConsumerIsLimitedThenThePageSaysSoAndOffersOnlyLess() {
    Peer peer =
        provider.rsa(
            consumer ->
                consumer
                    .permissions(Permissions.parse(List.of("trigger-builds", "POST /job/team/**")))
                    .tokenLife(Duration.ofDays(7)));
    Token request = peer.requestToken();

    Browser.Consent consent = asked(request);

    assertThat(consent.body())
        .contains(
            "see what you can see",
            "start builds you can start",
            "send POST requests to /job/team/**",
            "value=\"read-only\"",
            "value=\"hour\"",
            "value=\"day\"",
            "not used for 400 days")
        .doesNotContain(
            "change what you can change", "value=\"trigger-builds\"", "value=\"month\"");
    HttpResponse<String> exchanged = peer.exchange(request, consent.allow().verifier());
    assertThat(Answered.parameter(exchanged, "oauth_expires_in")).isEqualTo("604800");
    assertThat(grant(peer, Token.in(exchanged)).permissions())
        .containsExactly(Permissions.parse(List.of("trigger-builds", "POST /job/team/**")));
    assertThat(provider.browser().signIn("alice").get(Provider.TOKENS_PATH).body())
        .contains("start builds you can start");
  }

  @Test
  void consentWhenTheConsumerMayOnlyReadThenNothingNarrowerIsOffered() {
    Peer peer = provider.rsa(consumer -> consumer.permissions(READ_ONLY));

    assertThat(asked(peer.requestToken()).body())
        .contains("see what you can see")
        .doesNotContain("change what you can change", "name=\"permissions\"");
  }

  @ParameterizedTest
  @CsvSource({
    "permissions, everything",
    "permissions, trigger-builds",
    "permissions, GET /admin",
    "life, century",
    "life, month"
  })
  void consentWhenMoreThanOfferedIsChosenThen400AndUndecided(String name, String value) {
    Peer peer =
        provider.rsa(consumer -> consumer.permissions(READ_ONLY).tokenLife(Duration.ofDays(2)));
    Token request = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Map<String, String> fields = browser.consent(request).fields();
    fields.put(name, value);
    fields.put("decision", "allow");

    assertThat(browser.post(Peer.Family.ATLASSIAN.authorize, fields).statusCode()).isEqualTo(400);
    Answered.problem(peer.exchange(request, "x"), 401, "permission_unknown");
  }

  @Test
  void grantWhenTheConsumerIsNarrowedLaterThenItsTokensAreToo() {
    Peer peer = provider.rsa();
    Token granted = peer.granted("alice");
    grant(peer, granted);

    provider.edit(peer.key(), consumer -> consumer.permissions(READ_ONLY));

    assertThat(grant(peer, granted).permissions()).containsExactly(READ_ONLY);
  }

  @Test
  void grantWhenTokenOrConsumerIsGoneThenEmpty() {
    Peer peer = provider.rsa();
    Token granted = peer.granted("alice");
    Caller caller = caller(peer, granted);

    provider.administration().revoke(TestProvider.ADMIN, token(peer).id());
    assertThat(provider.provider().grants().of(caller)).isEmpty();
    provider.administration().remove(TestProvider.ADMIN, peer.key());
    assertThat(provider.provider().grants().of(caller)).isEmpty();
  }
}
