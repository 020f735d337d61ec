package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TestSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.TestServer;
import dev.onbehalf.server.web.page.HomePage;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInPagesTest {
  private static final String SIGN_IN = "/ci/-/onbehalf/sign-in";
  private static final String HOME = "/ci/-/onbehalf/";
  private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");

  private static final TestSealer SEALER = new TestSealer();
  private final TestClock clock = new TestClock();
  private final TestPeople people = new TestPeople();
  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private final TestDatabase database = TestDatabase.create(Database.Dialect.H2);
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final SignInPages signInPages;
  private final TestServer server;

  SignInPagesTest() {
    Pages pages = new Pages();
    Routes routes = new Routes();
    StoredSessions sessions =
        new StoredSessions(
            database.database(),
            SEALER,
            people,
            new SessionConfig(Duration.ofMinutes(30), Duration.ofHours(8)),
            clock);
    signInPages =
        new SignInPages(
            sessions,
            people,
            SEALER,
            pages,
            events::add,
            clock,
            List.of(new HomePage.Link("/tokens", "My tokens", "Who may act as you.")));
    signInPages.addTo(routes);
    pages.addTo(routes);
    server = TestServer.start(routes, pages, "/ci");
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  /** Sends a request as a browser would: with its cookies, keeping those it gets. */
  private HttpResponse<String> browse(HttpRequest.Builder request) {
    request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if (!cookies.isEmpty()) {
      String header =
          String.join(
              "; ", cookies.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
      request.header("Cookie", header);
    }
    HttpResponse<String> response = server.send(request);
    for (String line : response.headers().allValues("set-cookie")) {
      String[] pair = line.substring(0, line.indexOf(';')).split("=", 2);
      if (line.endsWith("Max-Age=0")) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
    return response;
  }

  private HttpResponse<String> get(String path) {
    return browse(server.request(path));
  }

  private HttpResponse<String> post(String path, String... fields) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return browse(
        server
            .request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  private static String csrf(HttpResponse<String> page) {
    Matcher matcher = CSRF.matcher(page.body());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> signIn(String name, String password, String returnTo) {
    String csrf = csrf(get(SIGN_IN));
    return post(SIGN_IN, "csrf", csrf, "returnTo", returnTo, "name", name, "password", password);
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("Location").orElse("none");
  }

  @Test
  void signInWhenPasswordRightThenSessionAndReturn() {
    HttpResponse<String> response =
        signIn("alice", TestPeople.password("alice"), "/job/a%252Fb/?x=1");

    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(location(response)).isEqualTo(server.url().with("/job/a%252Fb/?x=1"));
    assertThat(cookies).containsOnlyKeys("onbehalf");
    assertThat(get(HOME).body()).contains("You are signed in", "alice", "ALICE", "/ci/tokens");
    assertThat(events)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo("sign-in");
              assertThat(event.outcome()).isEqualTo(AuditEvent.Outcome.ALLOWED);
              assertThat(event.person()).isEqualTo("alice");
              assertThat(event.application()).isEqualTo("ci");
              assertThat(event.remoteAddress()).isEqualTo("127.0.0.1");
            });
  }

  @Test
  void signInWhenPasswordWrongThenSameAnswerAsForUnknownName() {
    HttpResponse<String> wrong = signIn("alice", "nope-nope", "/");
    HttpResponse<String> unknown = signIn("carol", "nope-nope", "/");
    people.put("dave", false);
    HttpResponse<String> inactive = signIn("dave", TestPeople.password("dave"), "/");

    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(wrong.body()).contains("Name or password is not right.").doesNotContain("nope");
    assertThat(unknown.statusCode()).isEqualTo(403);
    assertThat(unknown.body().replace("carol", "alice")).isEqualTo(wrong.body());
    assertThat(inactive.body().replace("dave", "alice")).isEqualTo(wrong.body());
    assertThat(cookies).doesNotContainKey("onbehalf");
    assertThat(events).extracting(AuditEvent::person).containsExactly("alice", null, "dave");
    assertThat(events)
        .extracting(AuditEvent::detail)
        .containsExactly("Wrong password.", "Nobody has this name.", "The person is not active.");
    assertThat(events.toString()).doesNotContain("nope");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x"})
  void signInWhenFieldMissingThenRefused(String password) {
    assertThat(signIn("", password, "/").statusCode()).isEqualTo(403);
    assertThat(signIn("alice", "", "/").statusCode()).isEqualTo(403);
    assertThat(signIn("a".repeat(300), "x", "/").statusCode()).isEqualTo(403);
  }

  @Test
  void signInWhenFormOfAnotherBrowserThenRefused() {
    String theirs = csrf(get(SIGN_IN));
    cookies.clear();
    get(SIGN_IN);

    HttpResponse<String> response =
        post(SIGN_IN, "csrf", theirs, "name", "alice", "password", TestPeople.password("alice"));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("no longer valid");
    assertThat(cookies).doesNotContainKey("onbehalf");
  }

  @Test
  void signInWhenNoPreSessionCookieThenRefused() {
    String csrf = csrf(get(SIGN_IN));
    cookies.clear();

    HttpResponse<String> response =
        post(SIGN_IN, "csrf", csrf, "name", "alice", "password", TestPeople.password("alice"));

    assertThat(response.statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site"})
  void signInWhenBrowserSaysCrossSiteThenRefused(String site) {
    String csrf = csrf(get(SIGN_IN));

    HttpResponse<String> response =
        browse(
            server
                .request(SIGN_IN)
                .header("Sec-Fetch-Site", site)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("csrf=" + csrf + "&name=alice&password=ecila")));

    assertThat(response.statusCode()).isEqualTo(403);
  }

  @Test
  void signInWhenSignedInBeforeThenTheOldCookieIsDead() {
    signIn("alice", TestPeople.password("alice"), "/");
    String first = String.valueOf(cookies.get("onbehalf"));
    String csrf = csrf(get(HOME));
    cookies.put("onbehalf", first);
    post("/ci/-/onbehalf/sign-out", "csrf", csrf);
    signIn("bob", TestPeople.password("bob"), "/");
    String second = String.valueOf(cookies.get("onbehalf"));

    cookies.put("onbehalf", first);
    assertThat(get(HOME).body()).contains("You are signed out");
    cookies.put("onbehalf", second);
    assertThat(get(HOME).body()).contains("bob");
  }

  @Test
  void showWhenSignedInThenReturnsAtOnce() {
    signIn("alice", TestPeople.password("alice"), "/");

    assertThat(location(get(SIGN_IN + "?returnTo=%2Fjob%2F")))
        .isEqualTo(server.url().with("/job/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example",
        "https://evil.example",
        "/%2f%2fevil.example",
        "/..;/x",
        "/\\evil",
        "/-/onbehalf/sign-in",
        "/-/onbehalf/sign-out",
        ""
      })
  void signInWhenReturnToIsNotHarmlessThenHome(String returnTo) {
    HttpResponse<String> page =
        get(SIGN_IN + "?returnTo=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8));
    HttpResponse<String> response = signIn("alice", TestPeople.password("alice"), returnTo);

    assertThat(page.body()).doesNotContain("evil");
    assertThat(location(response)).isEqualTo(server.url().with("/-/onbehalf/"));
  }

  @Test
  void signInWhenTenFailuresThenLaterOnesWaitEvenIfRight() {
    for (int i = 0; i < 10; i++) {
      assertThat(signIn("alice", "wrong", "/").statusCode()).isEqualTo(403);
    }
    HttpResponse<String> limited = signIn("alice", TestPeople.password("alice"), "/");

    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).hasValue("900");
    assertThat(signIn("ALICE", "x", "/").statusCode()).isEqualTo(429);
    assertThat(signIn("bob", TestPeople.password("bob"), "/").statusCode()).isEqualTo(303);

    cookies.clear();
    clock.advance(Duration.ofMinutes(15));
    assertThat(signIn("alice", TestPeople.password("alice"), "/").statusCode()).isEqualTo(303);
  }

  @Test
  void signInWhenManySuccessesThenNeverLimited() {
    for (int i = 0; i < 12; i++) {
      cookies.clear();
      assertThat(signIn("alice", TestPeople.password("alice"), "/").statusCode()).isEqualTo(303);
    }
  }

  @Test
  void signInWhenDirectoryDownThen503WithoutItsName() {
    String csrf = csrf(get(SIGN_IN));
    people.setAvailable(false);

    HttpResponse<String> response =
        post(SIGN_IN, "csrf", csrf, "name", "alice", "password", TestPeople.password("alice"));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).doesNotContain("ldap");
  }

  @Test
  void signOutWhenTokenMissingThenStaysSignedIn() {
    signIn("alice", TestPeople.password("alice"), "/");

    assertThat(post("/ci/-/onbehalf/sign-out", "csrf", "x").statusCode()).isEqualTo(403);
    assertThat(get("/ci/-/onbehalf/sign-out").statusCode()).isEqualTo(405);
    assertThat(get(HOME).body()).contains("You are signed in");
  }

  @Test
  void signOutWhenTokenRightThenSessionIsOver() {
    signIn("alice", TestPeople.password("alice"), "/");
    String cookie = String.valueOf(cookies.get("onbehalf"));

    HttpResponse<String> response = post("/ci/-/onbehalf/sign-out", "csrf", csrf(get(HOME)));

    assertThat(location(response)).isEqualTo(server.url().with("/-/onbehalf/"));
    assertThat(cookies).doesNotContainKey("onbehalf");
    cookies.put("onbehalf", cookie);
    assertThat(get(HOME).body()).contains("You are signed out");
    assertThat(events).extracting(AuditEvent::action).containsExactly("sign-in", "sign-out");
  }

  @Test
  void showWhenNameHasMarkupThenEscaped() {
    String body = signIn("\"><script>alert(1)</script>", "x", "/").body();

    assertThat(body).doesNotContain("<script").contains("&lt;script");
  }

  @Test
  void homeWhenWithoutSlashThenRedirectsToIt() {
    assertThat(location(get("/ci/-/onbehalf"))).isEqualTo(server.url().with("/-/onbehalf/"));
  }

  @Test
  void homeWhenHostHeaderForeignThenRedirectsToThePublicUrl() {
    String answer = server.raw("GET /ci/-/onbehalf HTTP/1.0\r\nHost: evil.example\r\n\r\n");

    assertThat(answer).contains("Location: " + server.url().with("/-/onbehalf/") + "\r\n");
    assertThat(answer).doesNotContain("evil");
  }

  @Test
  void pathWhenReturnToHarmlessThenCarriesIt() {
    assertThat(signInPages.path("/job/?a=b&c=d"))
        .isEqualTo("/-/onbehalf/sign-in?returnTo=%2Fjob%2F%3Fa%3Db%26c%3Dd");
    assertThat(signInPages.path("//evil.example")).isEqualTo("/-/onbehalf/sign-in");
  }
}
