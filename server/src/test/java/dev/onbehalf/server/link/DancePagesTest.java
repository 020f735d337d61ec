package dev.onbehalf.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Authorising a link in the browser, between two whole servers")
final class DancePagesTest {
  private static final String MY_LINKS = "/-/onbehalf/links";

  @TempDir static Path directory;

  private static final TestClock CLOCK = new TestClock();
  private static TestInstance here;
  private static TestInstance peer;

  private final TestBrowser alice = new TestBrowser("alice");
  private String consumer;
  private String id;

  @BeforeAll
  static void start() throws IOException {
    here = new TestInstance(directory.resolve("here"), CLOCK);
    peer = new TestInstance(directory.resolve("peer"), CLOCK);
  }

  @BeforeEach
  void link() {
    consumer =
        peer.register(
            here, Map.of("callbacks", List.of(here.url() + LoginDanceEndpoint.ACCESS_PATH)));
    id =
        here.post("/api/links", Map.of("url", peer.url(), "name", "peer", "privateAddresses", true))
            .path("id")
            .asString();
  }

  @AfterEach
  void unlink() {
    here.admin("DELETE", "/api/links/peer", Map.of());
    peer.admin("DELETE", consumerPath(), Map.of());
  }

  @AfterAll
  static void stop() {
    peer.close();
    here.close();
  }

  @Test
  void authorizeWhenNobodyIsSignedInThenTheSignInPageReturnsHere() {
    String location = TestBrowser.location(alice.open(authorize("")));

    assertThat(location).contains("/-/onbehalf/sign-in", "login-dance%2Fauthorize", id);
  }

  @Test
  void danceWhenAllowedThenStoredAndThePersonReturns() {
    alice.signIn(here).signIn(peer);
    String returnTo = here.url() + MY_LINKS;
    assertThat(alice.open(returnTo).body()).contains("Not allowed", "aria-label=\"Allow peer\"");

    String consent = TestBrowser.location(alice.open(authorize("&redirectUrl=" + returnTo)));
    assertThat(consent).startsWith(peer.url() + "/plugins/servlet/oauth/authorize?oauth_token=");
    String back = alice.decide(consent, "allow");
    assertThat(back).startsWith(here.url() + LoginDanceEndpoint.ACCESS_PATH).contains("state=");
    assertThat(TestBrowser.location(alice.open(back))).isEqualTo(returnTo);

    String page = alice.open(returnTo).body();
    assertThat(page).contains("aria-label=\"Forget peer\"");
    assertThat(alice.open(back).statusCode()).isEqualTo(403);
    Map<String, String> form = TestBrowser.hidden(page);
    TestBrowser.location(alice.post(returnTo, form));
    assertThat(alice.open(returnTo).body()).contains("Not allowed");
  }

  @Test
  void accessWhenDeniedThenThePageSaysSoAndNothingIsStored() {
    alice.signIn(here).signIn(peer);

    HttpResponse<String> page = alice.open(alice.decide(consentPage(), "deny"));

    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.body()).contains("Not allowed", "Start again");
    assertThat(alice.open(here.url() + MY_LINKS).body()).contains("Not allowed");
  }

  @Test
  void accessWhenItTookTooLongThenThePageOffersToStartAgain() {
    alice.signIn(here).signIn(peer);
    String back = alice.decide(consentPage(), "allow");
    CLOCK.advance(Duration.ofMinutes(15));

    HttpResponse<String> page = alice.open(back);

    assertThat(page.statusCode()).isEqualTo(409);
    assertThat(page.body()).contains("That took too long", "Start again");
  }

  @Test
  void accessWhenTheDanceWasBegunBySomebodyElseThenRefused() {
    alice.signIn(here).signIn(peer);
    TestBrowser bob = new TestBrowser("bob").signIn(here);
    String back = alice.decide(consentPage(), "allow");

    HttpResponse<String> page = bob.open(back);
    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.body()).contains("began elsewhere");

    String token = back.substring(back.indexOf("oauth_token="));
    String ofBob = TestBrowser.location(bob.open(authorize("")));
    assertThat(ofBob).contains("oauth_token=");
    HttpResponse<String> forged = bob.open(stateOf(bob) + "&" + token);
    assertThat(forged.statusCode()).isEqualTo(403);
    assertThat(bob.open(here.url() + MY_LINKS).body()).contains("Not allowed");
    assertThat(alice.open(back).statusCode()).isEqualTo(200);
  }

  @Test
  void accessWhenTheSessionEndedMeanwhileThenNothingIsStored() {
    alice.signIn(here).signIn(peer);
    String back = alice.decide(consentPage(), "allow");

    assertThat(new TestBrowser("alice").open(back).statusCode()).isEqualTo(401);
    assertThat(new TestBrowser("alice").signIn(here).open(back).statusCode()).isEqualTo(403);
    assertThat(alice.open(here.url() + MY_LINKS).body()).contains("Not allowed");
  }

  @Test
  void authorizeWhenThePeerForgotThisServerThenThePageSaysWhoCanHelp() {
    alice.signIn(here);
    peer.admin("DELETE", consumerPath(), Map.of());

    HttpResponse<String> page = alice.open(authorize(""));

    assertThat(page.statusCode()).isEqualTo(502);
    assertThat(page.body())
        .contains("peer does not know this server", "onbehalf link test peer")
        .doesNotContain("Start again");
  }

  @Test
  void authorizeWhenThePeerDoesNotKnowTheCallbackThenThePageNamesIt() {
    alice.signIn(here);
    peer.admin(
        "PATCH",
        consumerPath(),
        Map.of("callbacks", List.of("https://elsewhere.example.com/back")));

    HttpResponse<String> page = alice.open(authorize(""));

    assertThat(page.statusCode()).isEqualTo(502);
    assertThat(page.body()).contains(here.url() + LoginDanceEndpoint.ACCESS_PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example.com/", "//evil.example.com", "javascript:alert(1)"})
  void authorizeWhenTheReturnAddressIsForeignThen400(String returnTo) {
    alice.signIn(here);

    HttpResponse<String> page = alice.open(authorize("&redirectUrl=" + returnTo));

    assertThat(page.statusCode()).isEqualTo(400);
    assertThat(page.body()).contains("not one of ours").doesNotContain(returnTo);
  }

  @Test
  void authorizeWhenTheLinkIsUnknownOrNotForPeopleThen404() {
    alice.signIn(here);
    String unknown = here.url() + Links.AUTHORIZE_PATH + "?applicationLinkID=none";
    assertThat(alice.open(unknown).statusCode()).isEqualTo(404);

    here.admin("PATCH", "/api/links/peer", Map.of("threeLegged", false, "impersonation", true));

    assertThat(alice.open(authorize("")).statusCode()).isEqualTo(404);
  }

  @Test
  void forgetWhenTheFormTokenIsMissingThen403() {
    alice.signIn(here);

    assertThat(alice.post(here.url() + MY_LINKS, Map.of("id", id)).statusCode()).isEqualTo(403);
  }

  private String consumerPath() {
    return "/api/consumers/" + consumer.replace(":", "%3A");
  }

  private String consentPage() {
    return TestBrowser.location(alice.open(authorize("")));
  }

  /** The address a dance of this browser returns to, without what the peer adds. */
  private String stateOf(TestBrowser browser) {
    String consent = TestBrowser.location(browser.open(authorize("")));
    browser.signIn(peer);
    String back = browser.decide(consent, "deny");
    return back.substring(0, back.indexOf("&oauth_"));
  }

  private String authorize(String more) {
    return here.url() + Links.AUTHORIZE_PATH + "?applicationLinkID=" + id + more;
  }
}
