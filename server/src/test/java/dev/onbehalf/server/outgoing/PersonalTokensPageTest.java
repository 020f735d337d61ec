package dev.onbehalf.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.link.TestBrowser;
import dev.onbehalf.server.link.TestClock;
import dev.onbehalf.server.link.TestInstance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("People make and end their own tokens, on a whole server")
final class PersonalTokensPageTest {
  private static final Pattern VALUE = Pattern.compile("<code>(obp_[A-Za-z0-9_-]+)</code>");
  private static final TestClock CLOCK = new TestClock();

  @TempDir static Path directory;
  private static TestInstance server;

  private final TestBrowser alice = new TestBrowser("alice");

  @BeforeAll
  static void start() throws IOException {
    server = new TestInstance(directory, CLOCK);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String page() {
    return server.url() + Outgoing.PERSONAL_TOKENS;
  }

  private static HttpResponse<String> make(TestBrowser browser, Map<String, String> changes) {
    Map<String, String> fields = new HashMap<>(TestBrowser.hidden(browser.open(page()).body()));
    fields.remove("id");
    fields.putAll(Map.of("name", "laptop", "days", "7", "password", TestInstance.PASSWORD));
    fields.putAll(changes);
    return browser.post(page(), fields);
  }

  private static String value(HttpResponse<String> made) {
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    Matcher matcher = VALUE.matcher(made.body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  /** 404 where the token counts, since there is no such link; 401 where it does not. */
  private static int use(String token) {
    return server
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + Outgoing.LOGIN + "nowhere"))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString("{}")))
        .statusCode();
  }

  @Test
  void pageWhenNobodyIsSignedInThenTheSignInPageReturnsHere() {
    assertThat(TestBrowser.location(alice.open(page())))
        .contains("/-/onbehalf/sign-in", "personal-tokens");
    assertThat(alice.post(page(), Map.of("name", "x")).statusCode()).isEqualTo(401);
  }

  @Test
  void makeWhenThePasswordIsRightThenShownOnceAndEndsWhenItsOwnerSaysSo() {
    alice.signIn(server);
    HttpResponse<String> made = make(alice, Map.of());
    String token = value(made);

    assertThat(made.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    assertThat(use(token)).isEqualTo(404);
    String again = alice.open(page()).body();
    assertThat(again).contains("laptop", "aria-label=\"End laptop\"").doesNotContain(token);

    TestBrowser bob = new TestBrowser("bob").signIn(server);
    assertThat(bob.open(page()).body()).doesNotContain("laptop");
    Map<String, String> ofBob = new HashMap<>(TestBrowser.hidden(bob.open(page()).body()));
    Map<String, String> ofAlice = TestBrowser.hidden(again);
    ofBob.put("id", ofAlice.getOrDefault("id", ""));
    bob.post(page(), ofBob);
    assertThat(use(token)).isEqualTo(404);

    assertThat(alice.open(TestBrowser.location(alice.post(page(), ofAlice))).body())
        .contains("Ended.");
    assertThat(use(token)).isEqualTo(401);
    assertThat(alice.open(page()).body()).doesNotContain("aria-label=\"End laptop\"");
  }

  @Test
  void makeWhenItsTimeIsOverThenTheTokenCountsNoMore() {
    alice.signIn(server);
    String token = value(make(alice, Map.of("name", "short")));
    assertThat(use(token)).isEqualTo(404);

    CLOCK.advance(Duration.ofDays(8));

    assertThat(use(token)).isEqualTo(401);
  }

  @Test
  void makeWhenSomethingIsMissingOrWrongThenNothingIsMade() {
    alice.signIn(server);

    assertRefused(make(alice, Map.of("password", "a guess")), "The password is not right.");
    assertRefused(make(alice, Map.of("password", "")), "Enter your password.");
    assertRefused(make(alice, Map.of("name", " ")), "The name of a token");
    assertRefused(make(alice, Map.of("days", "4000")), "Choose how long");
    assertThat(make(alice, Map.of("csrf", "a guess")).statusCode()).isEqualTo(403);
    assertThat(alice.open(page()).body()).doesNotContain("aria-label=\"End ");
  }

  private static void assertRefused(HttpResponse<String> answer, String sentence) {
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains(sentence).doesNotContainPattern(VALUE);
  }
}
