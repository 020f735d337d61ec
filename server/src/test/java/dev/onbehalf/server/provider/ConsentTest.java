package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.provider.Peer.Family;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Consent (cases 60 to 67)")
final class ConsentTest {
  private static final String AUTHORIZE = Family.ATLASSIAN.authorize;
  private static TestProvider provider;

  @BeforeAll
  static void start() {
    provider = TestProvider.start();
  }

  @AfterAll
  static void stop() {
    provider.close();
  }

  private static String page(Token token) {
    return AUTHORIZE + "?oauth_token=" + token.value();
  }

  private static void assertProblemPage(HttpResponse<String> page, int status, String problem) {
    assertThat(page.statusCode()).as(page.body()).isEqualTo(status);
    assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
    assertThat(page.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("oauth_problem=\"" + problem + "\"");
    assertThat(page.body()).doesNotContain("value=\"allow\"", "Exception");
  }

  private static void assertUndecided(Peer peer, Token token) {
    Answered.problem(peer.exchange(token, "x"), 401, "permission_unknown");
  }

  @DisplayName("60: an unknown token gets an error page, signed in or not")
  @ParameterizedTest
  @EnumSource(Family.class)
  void showWhenTokenIsUnknownThenErrorPage(Family family) {
    String path = family.authorize + "?oauth_token=unknown";

    assertProblemPage(provider.browser().get(path), 401, "token_rejected");
    assertProblemPage(provider.browser().signIn("alice").get(path), 401, "token_rejected");
    assertProblemPage(provider.browser().get(family.authorize), 400, "parameter_absent");
  }

  @Test
  @DisplayName("61: who is not signed in signs in and comes back to the same page")
  void showWhenNobodyIsSignedInThenSignInAndBack() {
    Token token = provider.rsa().requestToken();
    Browser browser = provider.browser();
    String here = page(token) + "&oauth_callback=http%3A%2F%2Fconsumer.example.com%2Fcallback";

    HttpResponse<String> challenge = browser.get(here);

    assertThat(challenge.statusCode()).isEqualTo(303);
    String signInPage = challenge.headers().firstValue("Location").orElseThrow();
    assertThat(signInPage).startsWith(TestProvider.URL.with("/-/onbehalf/sign-in?"));
    HttpResponse<String> form =
        browser.get(signInPage.substring(TestProvider.URL.toString().length()));
    Map<String, String> fields = Browser.hidden(form.body());
    assertThat(fields).containsEntry("returnTo", here);
    assertThat(browser.signIn("alice", here).headers().firstValue("Location"))
        .hasValue(TestProvider.URL.with(here));
    assertThat(browser.get(here).statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("62: an access token, a decided and an expired token are each refused")
  void showWhenTokenCannotBeDecidedThenErrorPage() {
    Peer peer = provider.rsa();
    Browser browser = provider.browser().signIn("alice");
    assertProblemPage(browser.get(page(peer.granted("alice"))), 401, "token_rejected");

    Token decided = peer.requestToken();
    browser.consent(decided).allow();
    assertProblemPage(browser.get(page(decided)), 401, "token_used");
    Token denied = peer.requestToken();
    browser.consent(denied).deny();
    assertProblemPage(browser.get(page(denied)), 401, "token_used");

    Token expired = peer.requestToken();
    Browser.Consent late = browser.consent(expired);
    provider.clock.advance(Duration.ofMinutes(11));
    assertProblemPage(browser.get(page(expired)), 401, "token_expired");
    assertProblemPage(late.decide("allow"), 401, "token_expired");
  }

  @Test
  @DisplayName("63: a decision by nobody changes nothing")
  void decideWhenNobodyIsSignedInThen401AndUndecided() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Map<String, String> fields = provider.browser().signIn("alice").consent(token).fields();
    fields.put("decision", "allow");

    assertThat(provider.browser().post(AUTHORIZE, fields).statusCode()).isEqualTo(401);

    assertUndecided(peer, token);
  }

  @Test
  @DisplayName("64: Allow leads to the callback that was fixed with the token")
  void decideWhenAllowedThenTheStoredCallback() {
    Token token = provider.rsa().requestToken();

    Browser.Landing landing = provider.browser().signIn("alice").consent(token).allow();

    assertThat(landing.location())
        .matches(
            Fixtures.CALLBACK
                + "\\?oauth_token="
                + token.value()
                + "&oauth_verifier=[0-9A-Za-z]{10}");
  }

  @Test
  @DisplayName("65: Deny leads there too, and the token is denied")
  void decideWhenDeniedThenTheCallbackIsToldAndTheTokenDenied() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();

    Browser.Landing landing = provider.browser().signIn("alice").consent(token).deny();

    assertThat(landing.location())
        .isEqualTo(Fixtures.CALLBACK + "?oauth_token=" + token.value() + "&oauth_verifier=denied");
    Answered.problem(peer.exchange(token, "denied"), 401, "permission_denied");
    assertThat(provider.event("consent").problem()).isEqualTo("permission_denied");
  }

  @DisplayName("66: neither button is no decision")
  @ParameterizedTest
  @ValueSource(strings = {"", "maybe", "ALLOW", "authorize"})
  void decideWhenNeitherAllowNorDenyThen400AndUndecided(String decision) {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();

    HttpResponse<String> page = provider.browser().signIn("alice").consent(token).decide(decision);

    assertThat(page.statusCode()).isEqualTo(400);
    assertUndecided(peer, token);
  }

  @Test
  @DisplayName("67: the form carries the token that was asked for")
  void showWhenAskedThenTheFormCarriesTheToken() {
    Token token = provider.rsa().requestToken();

    Browser.Consent consent = provider.browser().signIn("alice").consent(token);

    assertThat(consent.fields()).containsOnlyKeys(Session.CSRF_FIELD, "oauth_token");
    assertThat(consent.fields()).containsEntry("oauth_token", token.value());
  }

  @Test
  void showWhenAskedThenWhoAsWhomWhatWhereAndUntilWhenAreSaid() {
    Peer peer = provider.rsa(consumer -> consumer.name("Team Jira"));

    Browser.Consent consent = provider.browser().signIn("alice").consent(peer.requestToken());

    assertThat(consent.body())
        .contains(
            "Team Jira",
            "alice",
            ">ci<",
            "see what you can see",
            "change what you can change",
            "consumer.example.com",
            "2031");
  }

  @Test
  void showWhenAskedThenThePageCannotBeFramedOrCached() {
    HttpResponse<String> page =
        provider.browser().signIn("alice").consent(provider.rsa().requestToken()).page();

    assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("frame-ancestors 'none'", "form-action 'self' http://consumer.example.com;");
  }

  @Test
  void showWhenTheNameHasMarkupThenItIsText() {
    Peer peer = provider.rsa(consumer -> consumer.name("<script>alert(1)</script>"));

    assertThat(provider.browser().signIn("alice").consent(peer.requestToken()).body())
        .doesNotContain("<script>")
        .contains("&lt;script&gt;alert(1)");
  }

  @Test
  void decideWhenTheFormTokenIsMissingOrForeignThen403AndUndecided() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Map<String, String> fields = browser.consent(token).fields();
    String foreign =
        provider
            .browser()
            .signIn("bob")
            .consent(peer.requestToken())
            .fields()
            .getOrDefault(Session.CSRF_FIELD, "");
    fields.put("decision", "allow");

    Map<String, String> without = new HashMap<>(fields);
    without.remove(Session.CSRF_FIELD);
    assertThat(browser.post(AUTHORIZE, without).statusCode()).isEqualTo(403);
    fields.put(Session.CSRF_FIELD, foreign);
    assertThat(browser.post(AUTHORIZE, fields).statusCode()).isEqualTo(403);

    assertUndecided(peer, token);
  }

  @Test
  void decideWhenAnotherSiteSendsTheFormThen403AndUndecided() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Map<String, String> fields = browser.consent(token).fields();
    String body =
        "csrf="
            + fields.get(Session.CSRF_FIELD)
            + "&oauth_token="
            + token.value()
            + "&decision=allow";

    for (String site : List.of("cross-site", "same-site")) {
      HttpRequest.Builder request =
          provider
              .server()
              .request(AUTHORIZE)
              .header("Content-Type", "application/x-www-form-urlencoded")
              .header("Sec-Fetch-Site", site)
              .POST(BodyPublishers.ofString(body));
      assertThat(browser.send(request).statusCode()).isEqualTo(403);
    }

    assertUndecided(peer, token);
  }

  @Test
  void decideWhenThePageWasNeverShownInThisSessionThen403AndUndecided() {
    Peer peer = provider.rsa();
    Token attackers = peer.requestToken();
    Browser attacker = provider.browser().signIn("bob");
    attacker.consent(attackers);
    Browser victim = provider.browser().signIn("alice");
    Map<String, String> fields = victim.consent(peer.requestToken()).fields();
    fields.put("oauth_token", attackers.value());
    fields.put("decision", "allow");

    HttpResponse<String> page = victim.post(AUTHORIZE, fields);

    assertThat(page.statusCode()).isEqualTo(403);
    assertUndecided(peer, attackers);
  }

  @Test
  void decideWhenThePageWasShownToSomebodyElseSinceThen403AndUndecided() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser.Consent first = provider.browser().signIn("alice").consent(token);
    provider.browser().signIn("bob").consent(token);

    assertThat(first.decide("allow").statusCode()).isEqualTo(403);
    assertUndecided(peer, token);
  }

  @ParameterizedTest
  @CsvSource({
    "oauth_callback, https://evil.example.com/",
    "person, bob",
    "consumer, other",
    "user_id, bob"
  })
  void decideWhenTheFormHasMoreFieldsThen400AndUndecided(String name, String value) {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Map<String, String> fields = browser.consent(token).fields();
    fields.put(name, value);
    fields.put("decision", "allow");

    assertThat(browser.post(AUTHORIZE, fields).statusCode()).isEqualTo(400);
    assertUndecided(peer, token);
  }

  @Test
  void decideWhenSentByGetThenOnlyThePageIsShown() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    String csrf = browser.consent(token).fields().getOrDefault(Session.CSRF_FIELD, "");

    HttpResponse<String> page = browser.get(page(token) + "&decision=allow&csrf=" + csrf);

    assertThat(page.statusCode()).isEqualTo(200);
    assertUndecided(peer, token);
  }

  @Test
  void decideWhenDecidedBeforeThenTokenUsed() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Browser.Consent consent = browser.consent(token);
    consent.deny();

    assertProblemPage(consent.decide("allow"), 401, "token_used");
    Answered.problem(peer.exchange(token, "x"), 401, "permission_denied");
  }

  @Test
  void decideWhenTheCallbackIsNoLongerRegisteredThenNobodyIsSentThere() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    Browser browser = provider.browser().signIn("alice");
    Browser.Consent consent = browser.consent(token);
    provider.edit(
        peer.key(), consumer -> consumer.callbacks(List.of("https://new.example.com/callback")));

    assertProblemPage(consent.decide("allow"), 401, "permission_denied");
    assertUndecided(peer, token);
  }

  @Test
  void showWhenTheConsumerIsSwitchedOffThenErrorPage() {
    Peer peer = provider.rsa();
    Token token = peer.requestToken();
    provider.edit(peer.key(), consumer -> consumer.enabled(false));

    assertProblemPage(
        provider.browser().signIn("alice").get(page(token)), 401, "permission_denied");
  }

  @Test
  void showWhenTheConsumerWasAllowedBeforeThenItIsAskedAgain() {
    Peer peer = provider.rsa();
    peer.granted("alice");

    Token again = peer.requestToken();

    assertThat(provider.browser().signIn("alice").consent(again).body())
        .contains("value=\"allow\"");
    assertUndecided(peer, again);
  }
}
