package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestSealer;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class StoredSessionsTest {
  private static final Duration UNCACHED = Duration.ofSeconds(3);
  private static final String SECURE = "https://ci.example.com/ci";
  private static final String PLAIN = "http://localhost:8080/ci";

  private static final TestSealer SEALER = new TestSealer();
  private final TestClock clock = new TestClock();
  private final TestPeople people = new TestPeople();

  private StoredSessions node(Database database) {
    SessionConfig limits = new SessionConfig(Duration.ofMinutes(30), Duration.ofHours(8));
    return new StoredSessions(database, SEALER, people, limits, clock);
  }

  private static WebRequest request(String url, String cookie) {
    return new WebRequest(
        "r1",
        "ci",
        PublicUrl.parse(url),
        List.of(url),
        "POST",
        "/-/onbehalf/",
        null,
        Map.of(
            "cookie",
            List.of(cookie),
            "content-type",
            List.of("application/x-www-form-urlencoded")),
        new byte[0],
        "127.0.0.1");
  }

  private static WebRequest posting(WebRequest request, String body) {
    return new WebRequest(
        request.id(),
        request.application(),
        request.publicUrl(),
        request.urls(),
        request.method(),
        request.path(),
        request.rawQuery(),
        request.headers(),
        body.getBytes(StandardCharsets.UTF_8),
        request.remoteAddress());
  }

  private static String setCookie(WebResponse response) {
    return response.headers().stream()
        .filter(header -> header.getKey().equals("Set-Cookie"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static String pair(String setCookie) {
    return setCookie.substring(0, setCookie.indexOf(';'));
  }

  /** Signs alice in and returns the cookie as a browser sends it. */
  private String signIn(Sessions sessions, String url, String previous) {
    Person alice = people.find("alice").orElseThrow();
    return pair(setCookie(sessions.signIn(request(url, previous), alice, WebResponse.empty(200))));
  }

  @OnEachDatabase
  void findWhenSiteIsHttpsThenThePlainCookieIsNotLookedUp(Database database) {
    StoredSessions sessions = node(database);
    String plain = signIn(sessions, PLAIN, "a=b");

    assertThat(sessions.find(List.of(plain), false, () -> true)).isPresent();
    assertThat(sessions.mayFind(List.of(plain), true)).isFalse();
    assertThat(
            sessions.find(
                List.of(plain),
                true,
                () -> {
                  throw new AssertionError("looked up");
                }))
        .isEmpty();
    assertThat(sessions.find(request(SECURE, plain))).isEmpty();
  }

  @OnEachDatabase
  void findWhenLookUpIsNotAdmittedThenNothingButWhatIsKnown(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");

    assertThat(sessions.find(List.of(cookie), true, () -> false)).isEmpty();
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
    assertThat(sessions.find(List.of(cookie), true, () -> false)).isPresent();
  }

  @OnEachDatabase
  void livesWhenEndedOrPersonIsGoneThenNoMore(Database database) {
    StoredSessions sessions = node(database);
    Person alice = people.find("alice").orElseThrow();
    String cookie = signIn(sessions, SECURE, "a=b");
    String id = sessions.find(List.of(cookie), true, () -> true).orElseThrow().id();
    assertThat(sessions.lives(id)).isTrue();

    people.put(alice.name(), false);
    assertThat(sessions.lives(id)).isFalse();
    people.put(alice.name(), true);
    assertThat(sessions.lives(id)).isTrue();

    clock.advance(Duration.ofMinutes(20));
    assertThat(sessions.lives(id)).isTrue();
    clock.advance(Duration.ofMinutes(20));
    assertThat(sessions.lives(id)).isFalse();

    String second = signIn(sessions, SECURE, "a=b");
    String secondId = sessions.find(List.of(second), true, () -> true).orElseThrow().id();
    assertThat(sessions.lives(secondId)).isTrue();
    node(database).signOut(request(SECURE, second), WebResponse.empty(200));
    assertThat(sessions.lives(secondId)).isFalse();
  }

  @OnEachDatabase
  void findWhenSignedInThenEveryNodeKnowsThePerson(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");

    Session here = sessions.find(request(SECURE, "x=y; " + cookie + "; z")).orElseThrow();
    Session there = node(database).find(List.of("x=y", cookie), true, () -> true).orElseThrow();

    assertThat(here.person().name()).isEqualTo("alice");
    assertThat(there).isEqualTo(here);
    assertThat(here.csrfToken()).hasSize(43).isNotEqualTo(cookie.split("=", 2)[1]);
    assertThat(here.toString()).doesNotContain(here.csrfToken());
  }

  @OnEachDatabase
  void findWhenSecureValueComesUnderThePlainNameThenNobody(Database database) {
    StoredSessions sessions = node(database);
    String tossed = signIn(sessions, SECURE, "a=b").replace("__Host-", "");

    assertThat(sessions.find(List.of(tossed), true, () -> true)).isEmpty();
    assertThat(sessions.find(request(SECURE, tossed))).isEmpty();
    assertThat(sessions.find(request(PLAIN, tossed))).isEmpty();
  }

  @OnEachDatabase
  void findWhenSeveralCookiesThenTheLiveOneCounts(Database database) {
    StoredSessions sessions = node(database);
    String dead = "onbehalf=" + "A".repeat(43);
    String cookie = signIn(sessions, PLAIN, "a=b");

    assertThat(sessions.find(List.of(dead + "; " + cookie), false, () -> true)).isPresent();
  }

  @OnEachDatabase
  void signInWhenASessionExistsThenItsCookieIsDead(Database database) {
    StoredSessions sessions = node(database);
    String first = signIn(sessions, SECURE, "a=b");
    assertThat(sessions.find(List.of(first), true, () -> true)).isPresent();

    String second = signIn(sessions, SECURE, first);

    assertThat(second).isNotEqualTo(first);
    assertThat(sessions.find(List.of(first), true, () -> true)).isEmpty();
    assertThat(sessions.find(List.of(second), true, () -> true)).isPresent();
  }

  @OnEachDatabase
  void findWhenIdleTooLongThenEnded(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");

    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofMinutes(25));
      assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
    }
    clock.advance(Duration.ofMinutes(31));

    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
    assertThat(rows(database)).isZero();
  }

  @OnEachDatabase
  void findWhenAbsoluteLimitReachedThenEndedHoweverBusy(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");

    for (int i = 0; i < 19; i++) {
      clock.advance(Duration.ofMinutes(25));
      assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
    }
    clock.advance(Duration.ofMinutes(25));

    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
  }

  @OnEachDatabase
  void findWhenPersonDeactivatedThenEndedForGood(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    people.put("alice", false);
    clock.advance(UNCACHED);
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
    people.put("alice", true);
    clock.advance(UNCACHED);

    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
  }

  @OnEachDatabase
  void findWhenNameBelongsToSomebodyElseThenEnded(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    people.replace("alice");
    clock.advance(UNCACHED);

    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
  }

  @OnEachDatabase
  void findWhenDirectoryDownThenFailsAndKeepsTheSession(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    people.setAvailable(false);

    assertThatThrownBy(() -> sessions.find(List.of(cookie), true, () -> true))
        .isInstanceOf(DirectoryException.class);

    people.setAvailable(true);
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
  }

  @OnEachDatabase
  void findWhenAskedAgainAtOnceThenTheDatabaseIsNotAsked(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
    database.execute(handle -> handle.execute("DELETE FROM browser_session"));

    assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();
    clock.advance(UNCACHED);
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
  }

  @OnEachDatabase
  void signOutWhenSignedInThenEndedAtOnceAndCookieCleared(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isPresent();

    WebResponse response = sessions.signOut(request(SECURE, cookie), WebResponse.empty(200));

    assertThat(setCookie(response))
        .isEqualTo("__Host-onbehalf=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    assertThat(sessions.find(List.of(cookie), true, () -> true)).isEmpty();
    assertThat(rows(database)).isZero();
  }

  @OnEachDatabase
  void endAllWhenSeveralSessionsThenOnlyThatPersonsEnd(Database database) {
    StoredSessions sessions = node(database);
    String one = signIn(sessions, SECURE, "a=b");
    String two = signIn(sessions, SECURE, "a=b");
    Person bob = people.find("bob").orElseThrow();
    String other =
        pair(setCookie(sessions.signIn(request(SECURE, "a=b"), bob, WebResponse.empty(200))));
    assertThat(sessions.find(List.of(one), true, () -> true)).isPresent();

    sessions.endAll("alice");

    assertThat(sessions.find(List.of(one), true, () -> true)).isEmpty();
    assertThat(sessions.find(List.of(two), true, () -> true)).isEmpty();
    assertThat(sessions.find(List.of(other), true, () -> true)).isPresent();
  }

  @OnEachDatabase
  void purgeWhenSomeEndedThenOnlyThoseAreDeleted(Database database) {
    StoredSessions sessions = node(database);
    signIn(sessions, SECURE, "a=b");
    clock.advance(Duration.ofMinutes(31));
    String live = signIn(sessions, SECURE, "a=b");

    assertThat(sessions.purge()).isEqualTo(1);
    assertThat(sessions.find(List.of(live), true, () -> true)).isPresent();
  }

  @OnEachDatabase
  void signInWhenStoredThenTheCookieIsNowhereInTheDatabase(Database database) {
    StoredSessions sessions = node(database);
    String value = signIn(sessions, SECURE, "a=b").split("=", 2)[1];
    String csrfToken =
        sessions
            .find(List.of("__Host-onbehalf=" + value), true, () -> true)
            .orElseThrow()
            .csrfToken();

    String dump =
        database.read(
            handle ->
                handle.createQuery("SELECT * FROM browser_session").mapToMap().list().toString());
    byte[] fingerprint =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT fingerprint FROM browser_session")
                    .mapTo(byte[].class)
                    .one());

    assertThat(dump).doesNotContain(value).doesNotContain(csrfToken);
    assertThat(Tokens.encode(fingerprint)).isNotEqualTo(value).isNotEqualTo(csrfToken);
  }

  @OnEachDatabase
  void formWhenTokenForeignOrMissingThen403(Database database) {
    StoredSessions sessions = node(database);
    String cookie = signIn(sessions, SECURE, "a=b");
    String other = signIn(sessions, SECURE, "a=b");
    Session session = sessions.find(List.of(cookie), true, () -> true).orElseThrow();
    String foreign = sessions.find(List.of(other), true, () -> true).orElseThrow().csrfToken();
    WebRequest request = request(SECURE, cookie);

    assertThat(session.form(posting(request, "x=1&csrf=" + session.csrfToken())).value("x"))
        .hasValue("1");
    for (String body : List.of("", "x=1", "csrf=", "csrf=" + foreign)) {
      assertThatThrownBy(() -> session.form(posting(request, body)))
          .isInstanceOfSatisfying(WebException.class, e -> assertThat(e.status()).isEqualTo(403));
    }
  }

  private static int rows(Database database) {
    return database.read(
        handle ->
            handle.createQuery("SELECT COUNT(*) FROM browser_session").mapTo(Integer.class).one());
  }
}
