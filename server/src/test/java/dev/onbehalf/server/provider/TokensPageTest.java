package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.provider.Peer.Token;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("My tokens, and withdrawing them (cases 68 and 69)")
final class TokensPageTest {
  private final TestProvider provider = TestProvider.start();

  @AfterEach
  void stop() {
    provider.close();
  }

  private String id(Peer peer, String person) {
    List<AccessToken> tokens = provider.administration().tokens(person, peer.key());
    assertThat(tokens).hasSize(1);
    return tokens.get(0).id();
  }

  private static HttpResponse<String> withdraw(Browser browser, String id) {
    return browser.post(
        Provider.TOKENS_PATH,
        Map.of(Session.CSRF_FIELD, browser.csrf(Provider.TOKENS_PATH), "id", id));
  }

  @Test
  @DisplayName("68: a person sees both of their tokens and nobody else's")
  void listWhenTwoTokensThenBothAndNoOthers() {
    Peer jira = provider.rsa(consumer -> consumer.name("Team Jira"));
    Peer wiki = provider.hmac(consumer -> consumer.name("Team Wiki"));
    Peer other = provider.hmac(consumer -> consumer.name("Other App"));
    Token used = jira.granted("alice");
    wiki.granted("alice");
    other.granted("bob");
    other.requestToken();
    provider.clock.advance(Duration.ofMinutes(1));
    jira.whoAmI(used);
    provider.provider().purge(provider.clock.instant());

    HttpResponse<String> page = provider.browser().signIn("alice").get(Provider.TOKENS_PATH);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("Team Jira", "Team Wiki", "Last used", "Never used")
        .doesNotContain("Other App", used.value());
  }

  @Test
  @DisplayName("69: what a person withdraws ends at once")
  void withdrawWhenOwnThenGoneAndBackToTheList() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");
    Browser browser = provider.browser().signIn("alice");
    String id = id(peer, "alice");

    HttpResponse<String> response = withdraw(browser, id);

    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(response.headers().firstValue("Location"))
        .hasValue(TestProvider.URL.with(Provider.TOKENS_PATH) + "?revoked");
    assertThat(browser.get(Provider.TOKENS_PATH + "?revoked").body())
        .contains("no longer act as you", "Nobody may act as you");
    Answered.problem(peer.whoAmI(token), 401, "token_rejected");
    assertThat(provider.event("token-revoke").person()).isEqualTo("alice");
    assertThat(withdraw(browser, id).statusCode()).isEqualTo(303);
  }

  @Test
  void withdrawWhenSomebodyElsesThen401AndItStays() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");

    HttpResponse<String> response = withdraw(provider.browser().signIn("bob"), id(peer, "alice"));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");
  }

  @Test
  void withdrawWhenFormTokenIsMissingThen403AndItStays() {
    Peer peer = provider.rsa();
    Token token = peer.granted("alice");
    Browser browser = provider.browser().signIn("alice");

    assertThat(browser.post(Provider.TOKENS_PATH, Map.of("id", id(peer, "alice"))).statusCode())
        .isEqualTo(403);
    assertThat(
            browser
                .post(
                    Provider.TOKENS_PATH,
                    Map.of("id", id(peer, "alice"), Session.CSRF_FIELD, "guess"))
                .statusCode())
        .isEqualTo(403);
    assertThat(peer.whoAmI(token).body()).isEqualTo("alice");
  }

  @Test
  void withdrawWhenNobodyIsSignedInThen401AndTheListAsksToSignIn() {
    assertThat(provider.browser().post(Provider.TOKENS_PATH, Map.of("id", "x")).statusCode())
        .isEqualTo(401);
    assertThat(provider.browser().get(Provider.TOKENS_PATH).statusCode()).isEqualTo(303);
  }

  @Test
  void withdrawWhenTheFormNamesNothingThen400() {
    Browser browser = provider.browser().signIn("alice");
    String csrf = browser.csrf(Provider.TOKENS_PATH);

    assertThat(browser.post(Provider.TOKENS_PATH, Map.of(Session.CSRF_FIELD, csrf)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void revokeWhenTheAdministratorDoesThenAtOnceAndAudited() {
    Peer peer = provider.hmac();
    Token one = peer.granted("alice");
    Token two = peer.granted("alice");
    Token others = peer.granted("bob");
    assertThat(peer.whoAmI(one).body()).isEqualTo("alice");

    assertThat(provider.administration().revokeAllOfPerson(TestProvider.ADMIN, "alice"))
        .isEqualTo(2);

    Answered.problem(peer.whoAmI(one), 401, "token_rejected");
    Answered.problem(peer.whoAmI(two), 401, "token_rejected");
    assertThat(peer.whoAmI(others).body()).isEqualTo("bob");
    assertThat(provider.event("token-revoke-all").actedAs()).isEqualTo("alice");
    assertThat(provider.administration().revoke(TestProvider.ADMIN, "unknown")).isFalse();
  }

  @Test
  void listWhenTheNameWasGivenToSomebodyElseThenNothingIsTheirs() {
    provider.people.put("carol", true);
    provider.rsa().granted("carol");
    provider.people.replace("carol");

    assertThat(provider.browser().signIn("carol").get(Provider.TOKENS_PATH).body())
        .contains("Nobody may act as you");
  }
}
