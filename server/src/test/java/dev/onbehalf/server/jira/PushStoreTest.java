package dev.onbehalf.server.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.jira.PushStore.Candidate;
import dev.onbehalf.server.jira.PushStore.Lane;
import dev.onbehalf.server.jira.PushStore.Push;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.SteppingClock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The queue of links, on both databases. */
class PushStoreTest {
  private final SteppingClock clock = new SteppingClock();

  private static Target target(String name, String key) {
    return new Target(name, key);
  }

  private void change(Database database, Target... targets) {
    database.execute(
        handle ->
            new PushStore(database)
                .changed(handle, 7, List.of(targets), Set.of(), clock.instant()));
  }

  private @Nullable Push lease(PushStore store) {
    List<Candidate> due = store.due(Lane.KNOWN, clock.instant(), 10);
    return due.isEmpty() ? null : store.lease(due.get(0).id(), clock.instant()).orElse(null);
  }

  private Push leased(PushStore store) {
    return Objects.requireNonNull(lease(store));
  }

  private void move(long seconds) {
    clock.move(Duration.ofSeconds(seconds));
  }

  @OnEachDatabase
  void changedWhenManyInABurstThenDueOnceAfterItSettled(Database database) {
    PushStore store = new PushStore(database);
    for (int i = 0; i < 100; i++) {
      change(database, target("a", "ABC-1"));
    }

    assertThat(store.due(Lane.KNOWN, clock.instant(), 10)).isEmpty();
    move(2);
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10))
        .extracting(Candidate::issueKey)
        .containsOnly("ABC-1");
    Push push = leased(store);
    assertThat(push.version()).isEqualTo(100);
    store.sent(push, "A", clock.instant());
    move(3600);
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10)).isEmpty();
    assertThat(store.status(null, null))
        .isEqualTo(
            new QueueStatus(
                1, 0, 0, 0, null, clock.instant().minusSeconds(3600), null, null, List.of()));
  }

  @OnEachDatabase
  void changedWhileItIsBeingToldThenToldAgain(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    Push push = leased(store);
    change(database, target("a", "ABC-1"));
    assertThat(lease(store)).as("it is leased").isNull();

    store.sent(push, "A", clock.instant());

    assertThat(lease(store)).isNull();
    move(10);
    assertThat(lease(store)).isNotNull();
  }

  @OnEachDatabase
  void leaseWhenTwoWantItThenOneHasItUntilItExpires(Database database) {
    PushStore one = new PushStore(database);
    PushStore other = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    long id = one.due(Lane.KNOWN, clock.instant(), 10).get(0).id();

    Push first = one.lease(id, clock.instant()).orElseThrow();
    assertThat(other.lease(id, clock.instant())).isEmpty();
    move(PushStore.LEASE.toSeconds());
    Push second = other.lease(id, clock.instant()).orElseThrow();

    one.sent(first, "late", clock.instant());
    assertThat(one.failing(first, true)).isFalse();
    assertThat(other.failing(second, true)).isTrue();
    assertThat(one.lease(id, clock.instant())).as("the second still has it").isEmpty();
  }

  @OnEachDatabase
  void parkWhenItChangesThenTriedAgainAfterAnHour(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    Push push = leased(store);
    store.park(push, "Forbidden.\n<b>", clock.instant());
    move(86_400);
    assertThat(lease(store)).isNull();
    assertThat(store.status(null, null).parkedLinks())
        .extracting(QueueStatus.Parked::reason)
        .containsExactly("Forbidden. <b>");

    change(database, target("a", "ABC-1"));
    move(2);
    Push again = leased(store);
    store.park(again, "Forbidden.", clock.instant());
    change(database, target("a", "ABC-1"));
    move(3599);
    assertThat(lease(store)).isNull();
    move(1);
    assertThat(lease(store)).isNotNull();
  }

  @OnEachDatabase
  void retryParkedWhenNamedThenThatOneAlone(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"), target("b", "ABC-2"));
    move(2);
    for (Push push = lease(store); push != null; push = lease(store)) {
      store.park(push, "Forbidden.", clock.instant());
    }
    long id = store.status(null, null).parkedLinks().get(1).id();

    assertThat(store.retryParked(id, clock.instant())).isEqualTo(1);
    assertThat(store.retryParked(id, clock.instant())).isZero();
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10))
        .extracting(Candidate::id)
        .containsExactly(id);
    assertThat(store.retryParked(null, clock.instant())).isEqualTo(1);
    assertThat(store.status(null, null).waiting()).isEqualTo(2);
  }

  @OnEachDatabase
  void hurryWhenSomethingWasPutOffThenDueAtOnce(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    store.retry(leased(store), "Down.", clock.instant().plusSeconds(300));
    assertThat(lease(store)).isNull();

    store.hurry(clock.instant());

    assertThat(leased(store).attempts()).isEqualTo(1);
  }

  @OnEachDatabase
  void beginWhenThereCanBeNoOtherNodeThenItsLeasesEnd(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    leased(store);

    new PushStore(database).begin();

    boolean alone = database.dialect() == Database.Dialect.H2;
    assertThat(lease(store) != null).isEqualTo(alone);
  }

  @OnEachDatabase
  void erasedWhenItsDataIsGoneThenEveryLinkIsDue(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"), target("b", "ABC-2"));
    move(2);
    Push push = leased(store);
    store.sent(push, "A", clock.instant());

    database.execute(handle -> store.erased(handle, 8, clock.instant()));
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10)).hasSize(1);
    database.execute(handle -> store.erased(handle, 7, clock.instant()));
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10)).hasSize(2);
    for (Push each = lease(store); each != null; each = lease(store)) {
      store.removed(each, clock.instant());
    }
    assertThat(store.status(null, null).links()).isZero();
  }

  @OnEachDatabase
  void removedWhenItChangedMeanwhileThenToldAgain(Database database) {
    PushStore store = new PushStore(database);
    change(database, target("a", "ABC-1"));
    move(2);
    Push push = leased(store);
    change(database, target("a", "ABC-1"));

    store.removed(push, clock.instant());

    move(2);
    assertThat(lease(store)).isNotNull();
  }

  @OnEachDatabase
  void dueWhenThereIsMuchThenNoTableIsWalked(Database database) {
    Target[] many =
        IntStream.range(0, 3000).mapToObj(i -> target("t" + i, "ABC-1")).toArray(Target[]::new);
    change(database, many);
    move(2);
    database.execute(
        handle -> handle.execute("UPDATE jira_push SET next_ms = NULL WHERE target <> 't1'"));
    database.execute(handle -> handle.execute("ANALYZE"));

    String plan =
        database.read(
            handle ->
                String.join(
                    "\n",
                    handle
                        .createQuery("EXPLAIN " + PushStore.DUE)
                        .bind("lane", 0)
                        .bind("now", clock.millis())
                        .bind("limit", 10)
                        .mapTo(String.class)
                        .list()));

    assertThat(plan.toLowerCase(Locale.ROOT)).contains("jira_push_due").doesNotContain("seq scan");
  }
}
