package dev.onbehalf.server.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DataCenterJira;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.jira.PushStore.Lane;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.receive.Latest;
import dev.onbehalf.server.receive.Plans;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.SteppingClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.json.JsonMapper;

/** A sender that names very many issues which do not exist, and one that names those that do. */
class UnknownIssuesTest {
  private static final String BUILD =
      """
      {"pipelineId":"app","buildNumber":%d,"displayName":"team/app #%d","state":"successful",
      "url":"https://ci.example.com/7"}""";

  private static final Target KNOWN = new Target("pipeline", "ABC-1");
  private static final long FLOOD = 7;
  private static final long OTHER = 8;

  private final DataCenterJira jira = DataCenterJira.start();
  private final SteppingClock clock = new SteppingClock();
  private final Map<Target, Latest> latest = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    jira.close();
  }

  private Pusher pusher(PushStore store) {
    Peer peer = Peers.of(jira, clock);
    LinkedIssues issues = new LinkedIssues(peer, clock);
    return new Pusher(
        new Pusher.Parts(
            peer,
            store,
            "one",
            PublicUrl.parse("https://delivery.example.com"),
            issues,
            issues::forget,
            target -> Optional.ofNullable(latest.get(target)),
            false,
            100,
            event -> {},
            clock));
  }

  private void report(
      Database database,
      PushStore store,
      long credential,
      int number,
      Set<String> absent,
      Target... targets) {
    for (Target target : targets) {
      latest.put(
          target,
          new Latest(
              false,
              JsonMapper.shared().readTree(BUILD.formatted(number, number)),
              clock.instant(),
              "client"));
    }
    database.execute(
        handle -> store.changed(handle, credential, List.of(targets), absent, clock.instant()));
  }

  private static Target[] flood(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Target("flood" + i % 7, "NOPE-" + (1 + i)))
        .toArray(Target[]::new);
  }

  private static Set<String> keys(Target... targets) {
    Set<String> keys = new HashSet<>();
    for (Target target : targets) {
      keys.add(target.issueKey());
    }
    return keys;
  }

  private String title() {
    return jira.links(KNOWN.issueKey()).get(0).at("/object/title").asString();
  }

  @OnEachDatabase
  void runWhenVeryManyIssuesDoNotExistThenThoseThatDoNeverWaitForThem(Database database) {
    jira.create(KNOWN.issueKey());
    PushStore store = new PushStore(database, 2_000);
    Pusher pusher = pusher(store);
    Target[] flood = flood(1_500);
    report(database, store, FLOOD, 1, keys(flood), flood);
    assertThat(store.backlog().unknown()).isEqualTo(1_500);

    for (int hour = 1; hour <= 72; hour++) {
      clock.move(Duration.ofHours(1));
      report(database, store, FLOOD, hour, keys(flood), flood);
      report(database, store, OTHER, hour, Set.of(), KNOWN);
      clock.move(Duration.ofSeconds(12));
      pusher.run();

      assertThat(title()).as("within one run").isEqualTo("team/app #" + hour);
    }
    assertThat(store.backlog().unknown()).isEqualTo(1_500);
    assertThat(store.backlog().waiting()).isZero();
  }

  @OnEachDatabase
  void runWhenNobodyKnewThatTheyDoNotExistThenTheyAreMovedAtOnce(Database database) {
    jira.create(KNOWN.issueKey());
    PushStore store = new PushStore(database, 300);
    Pusher pusher = pusher(store);
    Target[] flood = flood(500);
    report(database, store, FLOOD, 1, Set.of(), flood);
    clock.move(Duration.ofSeconds(1));
    report(database, store, OTHER, 1, Set.of(), KNOWN, new Target("pipeline", "NOPE-1"));
    clock.move(Duration.ofSeconds(2));

    pusher.run();

    assertThat(title()).isEqualTo("team/app #1");
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10)).isEmpty();
    assertThat(store.backlog().unknown()).as("bounded for each credential").isEqualTo(301);
    assertThat(jira.calls()).as("looked up by the hundred").hasSizeLessThan(20);
  }

  @OnEachDatabase
  void changedWhenACredentialHasItsShareThenFurtherOnesAreNotKept(Database database) {
    PushStore store = new PushStore(database, 100);
    Target[] flood = flood(250);
    report(database, store, FLOOD, 1, keys(flood), flood);
    Target other = new Target("pipeline", "NOPE-9");
    report(database, store, OTHER, 1, keys(other), other);

    assertThat(store.backlog().unknown()).isEqualTo(101);
    report(database, store, FLOOD, 2, Set.of(), new Target("flood", "ABC-2"));
    clock.move(Duration.ofSeconds(2));
    assertThat(store.due(Lane.KNOWN, clock.instant(), 10))
        .extracting(PushStore.Candidate::issueKey)
        .containsExactly("ABC-2");
  }

  @OnEachDatabase
  void runWhenAnIssueNeverAppearsThenAskedMoreAndMoreRarely(Database database) {
    PushStore store = new PushStore(database);
    Pusher pusher = pusher(store);
    Target[] flood = flood(150);
    report(database, store, FLOOD, 1, keys(flood), flood);
    int[] asked = new int[3];
    for (int day = 0; day < 3; day++) {
      int before = jira.calls().size();
      for (int minute = 0; minute < 24 * 60; minute += 10) {
        clock.move(Duration.ofMinutes(10));
        pusher.run();
      }
      asked[day] = jira.calls().size() - before;
    }

    assertThat(asked[0]).isBetween(4, 60);
    assertThat(asked[2]).isLessThanOrEqualTo(8);
    clock.move(Duration.ofDays(1));
    jira.create("NOPE-1");
    pusher.run();
    clock.move(Duration.ofMinutes(2));
    pusher.run();
    assertThat(jira.links("NOPE-1")).as("it attaches itself within a day").hasSize(1);

    clock.move(Duration.ofDays(31));
    for (int i = 0; i < 3; i++) {
      pusher.run();
    }
    assertThat(store.status(null, null).links()).as("forgotten after a month").isEqualTo(1);
  }

  @OnEachDatabase
  void changedWhenAnIssueIsSaidToExistNowThenToldAtOnce(Database database) {
    PushStore store = new PushStore(database);
    Pusher pusher = pusher(store);
    Target late = new Target("pipeline", "ABC-5");
    report(database, store, OTHER, 1, keys(late), late);
    for (int i = 0; i < 12; i++) {
      clock.move(Duration.ofHours(6));
      pusher.run();
    }
    jira.create("ABC-5");
    report(database, store, OTHER, 2, Set.of(), late);
    clock.move(Duration.ofSeconds(40));
    pusher.run();

    assertThat(jira.links("ABC-5")).hasSize(1);
    assertThat(store.backlog().unknown()).isZero();
  }

  @OnEachDatabase
  void countsWhenThereIsMuchThenNoTableIsWalked(Database database) {
    PushStore store = new PushStore(database);
    Target[] many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> new Target("t" + i, "ABC-1"))
            .toArray(Target[]::new);
    report(database, store, OTHER, 1, Set.of(), many);
    database.execute(
        handle ->
            handle.execute(
                "UPDATE jira_push SET next_ms = NULL, credential_id = id WHERE target <> 't1'"));
    database.execute(handle -> handle.execute("ANALYZE"));

    for (String sql :
        List.of(PushStore.WAITING, PushStore.ASIDE, PushStore.PARKED_ONES, UnknownLane.COUNT)) {
      String plan =
          Plans.of(database, sql, query -> query.bind("credential", OTHER).bind("limit", 10));
      Plans.assertNoneWalksATable(database, plan);
    }
  }
}
