package dev.onbehalf.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.PermissionSet;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.provider.JdbiRequestTokenStore.Exchange;
import dev.onbehalf.server.provider.TokenFactory.IssuedAccessToken;
import dev.onbehalf.server.provider.TokenFactory.IssuedRequestToken;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TestSealer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Token stores (cases 28 to 32)")
final class JdbiTokenStoreTest {
  private static final Decision ALICE = new Decision("alice", "id-alice", null, null);
  private static final Decision BOB = new Decision("bob", "id-bob", null, null);

  private final TestClock clock = new TestClock();
  private final TestSealer sealer = new TestSealer();
  private final TokenFactory factory = new TokenFactory(clock, Fixtures.CONFIG);
  private final Consumer jira = Fixtures.hmac("jira", clock.instant()).build();
  private final Consumer wiki = Fixtures.hmac("wiki", clock.instant()).build();

  private record Stores(
      JdbiConsumerStore consumers, JdbiRequestTokenStore requests, JdbiAccessTokenStore accesses) {}

  @OnEachDatabase
  @DisplayName("28: put, find and revoke touch only the token meant")
  void revokeWhenOneOfTwoThenTheOtherStays(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken one = granted(stores, jira, ALICE);
    IssuedAccessToken two = granted(stores, jira, ALICE);

    assertThat(stores.accesses.revoke("unknown")).isFalse();
    assertThat(stores.accesses.revoke(one.token().id())).isTrue();
    assertThat(stores.accesses.revoke(one.token().id())).isFalse();

    assertThat(find(stores, one.value().reveal())).isEmpty();
    JdbiAccessTokenStore.Live live = find(stores, two.value().reveal()).orElseThrow();
    assertThat(live.token()).isEqualTo(two.token());
    assertThat(live.secret()).isEqualTo(two.secret());
    assertThat(find(stores, "unknown")).isEmpty();
  }

  @OnEachDatabase
  @DisplayName("29: a person's list holds that person's access tokens alone")
  void ofPersonWhenOthersHaveTokensThenOnlyOwnAccessTokens(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken own = granted(stores, jira, ALICE);
    granted(stores, jira, BOB);
    granted(stores, jira, new Decision("alice", "an earlier alice", null, null));
    approve(stores, issue(stores, jira), ALICE);

    assertThat(stores.accesses.ofPerson("alice", "id-alice")).containsExactly(own.token());
    assertThat(stores.accesses.ofPerson("carol", "id-carol")).isEmpty();
    assertThat(stores.accesses.all("alice", "jira")).hasSize(2);
    assertThat(stores.accesses.all(null, "wiki")).isEmpty();
    assertThat(stores.accesses.all(null, null)).hasSize(3);
  }

  @OnEachDatabase
  @DisplayName("30: a purge takes what expired and leaves the rest")
  void purgeWhenSomeExpiredThenOnlyThose(Database database) {
    Stores stores = stores(database);
    IssuedRequestToken oldRequest = issue(stores, jira);
    IssuedAccessToken shortLived =
        granted(stores, jira, new Decision("alice", "id-alice", null, Duration.ofMinutes(30)));
    IssuedAccessToken idle = granted(stores, jira, BOB);
    IssuedAccessToken used = granted(stores, jira, ALICE);
    clock.advance(Duration.ofHours(1));
    IssuedRequestToken newRequest = issue(stores, jira);
    stores.accesses.noteUse(Map.of(used.token().id(), clock.instant()));

    assertThat(stores.requests.purge(clock.instant())).isEqualTo(1);
    assertThat(stores.accesses.purge(clock.instant(), Duration.ofDays(1))).isEqualTo(1);
    assertThat(stores.accesses.purge(clock.instant(), Duration.ofMinutes(45))).isEqualTo(1);

    assertThat(stores.requests.find(oldRequest.value().reveal())).isEmpty();
    assertThat(stores.requests.find(newRequest.value().reveal())).isPresent();
    assertThat(find(stores, shortLived.value().reveal())).isEmpty();
    assertThat(find(stores, idle.value().reveal())).isEmpty();
    assertThat(find(stores, used.value().reveal())).isPresent();
  }

  @OnEachDatabase
  @DisplayName("31: a consumer's tokens of both kinds go with it, others stay")
  void removeWhenConsumerHasTokensThenTheyGoToo(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken access = granted(stores, jira, ALICE);
    IssuedRequestToken request = issue(stores, jira);
    IssuedAccessToken other = granted(stores, wiki, ALICE);

    stores.consumers.remove("jira");

    assertThat(find(stores, access.value().reveal())).isEmpty();
    assertThat(stores.requests.find(request.value().reveal())).isEmpty();
    assertThat(find(stores, other.value().reveal())).isPresent();
  }

  @OnEachDatabase
  @DisplayName("32: tokens survive a restart in every state, their values unreadable")
  void reopenWhenTokensOfEveryStateThenTheSame(TestDatabase database) {
    Stores stores = stores(database.database());
    IssuedRequestToken undecided =
        factory.requestToken(jira, "ci", Fixtures.CALLBACK + "?a=b", false);
    stores.requests.add(undecided);
    IssuedRequestToken denied = issue(stores, jira);
    stores.requests.shown(denied.token().id(), "session");
    stores.requests.deny(denied.token().id(), "session");
    IssuedRequestToken approved = issue(stores, jira);
    Decision narrow =
        new Decision(
            "alice",
            "id-alice",
            new Permissions(Set.of(PermissionSet.READ_ONLY), List.of()),
            Duration.ofDays(1));
    Secret verifier = approve(stores, approved, narrow);
    IssuedAccessToken access = granted(stores, jira, narrow);

    Stores reopened = stores(database.reopen());

    assertThat(reopened.requests.find(undecided.value().reveal())).contains(undecided.token());
    assertThat(reopened.requests.find(denied.value().reveal()).orElseThrow().state())
        .isEqualTo(RequestToken.State.DENIED);
    assertThat(reopened.requests.find(approved.value().reveal()).orElseThrow().decision())
        .isEqualTo(narrow);
    assertThat(find(reopened, access.value().reveal()).orElseThrow().token())
        .isEqualTo(access.token());
    assertThat(exchange(reopened, approved, verifier.reveal()).issued()).isNotNull();
    String dump = dump(database.database());
    for (Secret secret :
        List.of(
            undecided.value(),
            undecided.token().secret(),
            access.value(),
            access.secret(),
            access.handle(),
            verifier)) {
      assertThat(dump).doesNotContain(secret.reveal());
    }
  }

  @OnEachDatabase
  void approveWhenNotShownInThisSessionOrDecidedThenRefused(Database database) {
    Stores stores = stores(database);
    String id = issue(stores, jira).token().id();

    assertThat(stores.requests.approve(id, "session", ALICE, factory.verifier())).isFalse();
    assertThat(stores.requests.shown(id, "session")).isTrue();
    assertThat(stores.requests.approve(id, "other", ALICE, factory.verifier())).isFalse();
    assertThat(stores.requests.approve(id, "session", ALICE, factory.verifier())).isTrue();
    assertThat(stores.requests.approve(id, "session", BOB, factory.verifier())).isFalse();
    assertThat(stores.requests.deny(id, "session")).isFalse();
    assertThat(stores.requests.shown(id, "session")).isFalse();
  }

  @OnEachDatabase
  void approveWhenExpiredThenRefused(Database database) {
    Stores stores = stores(database);
    String id = issue(stores, jira).token().id();
    stores.requests.shown(id, "session");
    clock.advance(Duration.ofMinutes(10));

    assertThat(stores.requests.approve(id, "session", ALICE, factory.verifier())).isFalse();
    assertThat(stores.requests.deny(id, "session")).isFalse();
  }

  @OnEachDatabase
  void approveWhenDeniedAtTheSameMomentThenExactlyOneIsDone(Database database) throws Exception {
    Stores stores = stores(database);
    for (int round = 0; round < 10; round++) {
      String id = issue(stores, jira).token().id();
      stores.requests.shown(id, "session");
      List<Boolean> done =
          together(
              List.of(
                  () -> stores.requests.approve(id, "session", ALICE, factory.verifier()),
                  () -> stores.requests.deny(id, "session")));
      assertThat(done).containsExactlyInAnyOrder(true, false);
    }
  }

  @OnEachDatabase
  void exchangeWhenVerifierIsWrongFiveTimesThenTheTokenIsBurnt(Database database) {
    Stores stores = stores(database);
    IssuedRequestToken request = issue(stores, jira);
    Secret verifier = approve(stores, request, ALICE);

    for (int attempt = 0; attempt < 4; attempt++) {
      assertThat(exchange(stores, request, "wrong").problem())
          .isEqualTo(OAuthProblem.TOKEN_REJECTED);
    }
    assertThat(stores.requests.find(request.value().reveal())).isPresent();
    exchange(stores, request, "wrong");

    assertThat(stores.requests.find(request.value().reveal())).isEmpty();
    assertThat(exchange(stores, request, verifier.reveal()).problem())
        .isEqualTo(OAuthProblem.TOKEN_REJECTED);
  }

  @OnEachDatabase
  void exchangeWhenVerifiersAreGuessedInParallelThenAtMostFiveAreTried(Database database)
      throws Exception {
    Stores stores = stores(database);
    IssuedRequestToken request = issue(stores, jira);
    Secret verifier = approve(stores, request, ALICE);
    List<Callable<Exchange>> guesses = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String guess = "guess" + i;
      guesses.add(() -> exchange(stores, request, guess));
    }

    assertThat(together(guesses)).allMatch(result -> result.issued() == null);
    assertThat(exchange(stores, request, verifier.reveal()).issued()).isNull();
  }

  @OnEachDatabase
  void exchangeWhenTwoHundredAtOnceThenExactlyOneWins(Database database) throws Exception {
    Stores stores = stores(database);
    IssuedRequestToken request = issue(stores, jira);
    Secret verifier = approve(stores, request, ALICE);
    List<Callable<Exchange>> attempts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      attempts.add(() -> exchange(stores, request, verifier.reveal()));
    }

    List<Exchange> results = together(attempts);

    assertThat(results).filteredOn(result -> result.issued() != null).hasSize(1);
    assertThat(results)
        .filteredOn(result -> result.issued() == null)
        .allMatch(result -> result.problem() == OAuthProblem.TOKEN_REJECTED);
    assertThat(stores.accesses.all(null, null)).hasSize(1);
  }

  @OnEachDatabase
  void exchangeWhenOfAnotherConsumerOrApplicationThenRejectedAndNotSpent(Database database) {
    Stores stores = stores(database);
    IssuedRequestToken request = issue(stores, jira);
    String verifier = approve(stores, request, ALICE).reveal();
    String value = request.value().reveal();

    assertThat(
            stores
                .requests
                .exchange(value, "wiki", "ci", verifier, token -> factory.accessToken(token, wiki))
                .problem())
        .isEqualTo(OAuthProblem.TOKEN_REJECTED);
    assertThat(
            stores
                .requests
                .exchange(
                    value, "jira", "nexus", verifier, token -> factory.accessToken(token, jira))
                .problem())
        .isEqualTo(OAuthProblem.TOKEN_REJECTED);
    assertThat(exchange(stores, request, null).problem()).isEqualTo(OAuthProblem.PARAMETER_ABSENT);
    assertThat(exchange(stores, request, verifier).issued()).isNotNull();
  }

  @OnEachDatabase
  void renewWhenTheHandleIsRightThenOnceAndUnderTheSameId(Database database) throws Exception {
    Stores stores = stores(database);
    IssuedAccessToken first = granted(stores, jira, ALICE);
    List<Callable<JdbiAccessTokenStore.Renewal>> attempts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      attempts.add(() -> renew(stores, first, first.handle().reveal(), Duration.ofDays(400)));
    }

    List<JdbiAccessTokenStore.Renewal> winners =
        together(attempts).stream().filter(result -> result.issued() != null).toList();

    assertThat(winners).hasSize(1);
    IssuedAccessToken second = Objects.requireNonNull(winners.get(0).issued());
    assertThat(second.token().id()).isEqualTo(first.token().id());
    assertThat(second.secret()).isNotEqualTo(first.secret());
    assertThat(second.handle()).isNotEqualTo(first.handle());
    assertThat(find(stores, first.value().reveal())).isEmpty();
    assertThat(find(stores, second.value().reveal()).orElseThrow().secret())
        .isEqualTo(second.secret());
  }

  @OnEachDatabase
  void renewWhenHandleIsWrongOrSessionOverOrIdleThenRefused(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken first = granted(stores, jira, ALICE);
    Duration idle = Duration.ofDays(30);

    assertThat(renew(stores, first, "wrong", idle).problem())
        .isEqualTo(OAuthProblem.TOKEN_REJECTED);
    clock.advance(Duration.ofDays(31));
    assertThat(renew(stores, first, first.handle().reveal(), idle).problem())
        .isEqualTo(OAuthProblem.PERMISSION_DENIED);
    clock.advance(Duration.ofDays(5 * 365 + 30));
    assertThat(renew(stores, first, first.handle().reveal(), Duration.ofDays(9999)).problem())
        .isEqualTo(OAuthProblem.PERMISSION_DENIED);
  }

  @OnEachDatabase
  void revokeAllOfPersonWhenSomeAreUnexchangedThenTheyGoToo(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken alices = granted(stores, jira, ALICE);
    IssuedAccessToken bobs = granted(stores, jira, BOB);
    IssuedRequestToken waiting = issue(stores, jira);
    Secret verifier = approve(stores, waiting, ALICE);

    assertThat(stores.accesses.revokeAllOfPerson("alice")).isEqualTo(1);

    assertThat(find(stores, alices.value().reveal())).isEmpty();
    assertThat(find(stores, bobs.value().reveal())).isPresent();
    assertThat(exchange(stores, waiting, verifier.reveal()).issued()).isNull();
  }

  @OnEachDatabase
  void noteUseWhenLaterThenKept(Database database) {
    Stores stores = stores(database);
    IssuedAccessToken token = granted(stores, jira, ALICE);
    Instant later = clock.instant().plusSeconds(60);

    stores.accesses.noteUse(Map.of(token.token().id(), later, "unknown", later));
    stores.accesses.noteUse(Map.of(token.token().id(), clock.instant()));

    assertThat(stores.accesses.findById(token.token().id()).orElseThrow().lastUsed())
        .isEqualTo(later);
  }

  private Stores stores(Database database) {
    Changes changes = new Changes(clock);
    TokenRows rows = new TokenRows(sealer);
    JdbiAccessTokenStore accesses = new JdbiAccessTokenStore(database, rows, changes, clock);
    Stores stores =
        new Stores(
            new JdbiConsumerStore(database, sealer, changes),
            new JdbiRequestTokenStore(database, rows, accesses, clock),
            accesses);
    if (stores.consumers.find("jira").isEmpty()) {
      stores.consumers.add(jira);
      stores.consumers.add(wiki);
    }
    return stores;
  }

  private IssuedRequestToken issue(Stores stores, Consumer consumer) {
    IssuedRequestToken issued = factory.requestToken(consumer, "ci", null, false);
    stores.requests.add(issued);
    return issued;
  }

  private static Optional<JdbiAccessTokenStore.Live> find(Stores stores, String value) {
    return stores.accesses.find(stores.accesses.fingerprint(value));
  }

  private Secret approve(Stores stores, IssuedRequestToken request, Decision decision) {
    Secret verifier = factory.verifier();
    stores.requests.shown(request.token().id(), "session");
    assertThat(stores.requests.approve(request.token().id(), "session", decision, verifier))
        .isTrue();
    return verifier;
  }

  private IssuedAccessToken granted(Stores stores, Consumer consumer, Decision decision) {
    IssuedRequestToken request = issue(stores, consumer);
    Secret verifier = approve(stores, request, decision);
    return Objects.requireNonNull(
        stores
            .requests
            .exchange(
                request.value().reveal(),
                consumer.key(),
                "ci",
                verifier.reveal(),
                token -> factory.accessToken(token, consumer))
            .issued());
  }

  private Exchange exchange(Stores stores, IssuedRequestToken request, @Nullable String verifier) {
    return stores.requests.exchange(
        request.value().reveal(),
        "jira",
        "ci",
        verifier,
        token -> factory.accessToken(token, jira));
  }

  private JdbiAccessTokenStore.Renewal renew(
      Stores stores, IssuedAccessToken token, String handle, Duration idleLimit) {
    return stores.accesses.renew(
        token.value().reveal(), handle, "jira", "ci", idleLimit, factory::renewed);
  }

  private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(calls.size(), 32));
    CountDownLatch start = new CountDownLatch(1);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Every column of every token row, as text. */
  private static String dump(Database database) {
    StringBuilder all = new StringBuilder();
    for (String table : List.of("request_token", "access_token", "provider_change")) {
      database
          .read(handle -> handle.createQuery("SELECT * FROM " + table).mapToMap().list())
          .forEach(
              row ->
                  row.values()
                      .forEach(
                          value ->
                              all.append(
                                      value instanceof byte[] bytes
                                          ? new String(bytes, StandardCharsets.ISO_8859_1)
                                          : String.valueOf(value))
                                  .append('\n')));
    }
    return all.toString();
  }
}
