package dev.onbehalf.server.jira;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DataCenterJira;
import dev.onbehalf.delivery.DataCenterJira.Mode;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.receive.Latest;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.SteppingClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the issues of a linked Jira show, and when. */
class PusherTest {
  private static final PublicUrl SITE = PublicUrl.parse("https://delivery.example.com");
  private static final Target PIPELINE = new Target("pipeline", "ABC-1");
  private static final Target PRODUCTION = new Target("production", "ABC-1");

  private final DataCenterJira jira = DataCenterJira.start();
  private final SteppingClock clock = new SteppingClock();
  private final Map<Target, Latest> latest = new ConcurrentHashMap<>();
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    jira.close();
  }

  private Pusher pusher(Database database) {
    return pusher(database, 100);
  }

  private Pusher pusher(Database database, int requestsPerSecond) {
    Peer peer = Peers.of(jira, clock);
    LinkedIssues issues = new LinkedIssues(peer, clock);
    return new Pusher(
        new Pusher.Parts(
            peer,
            new PushStore(database),
            "one",
            SITE,
            issues,
            issues::forget,
            target -> Optional.ofNullable(latest.get(target)),
            true,
            requestsPerSecond,
            audited::add,
            clock));
  }

  private void change(Database database, Target... targets) {
    database.execute(
        handle ->
            new PushStore(database)
                .changed(handle, 7, List.of(targets), Set.of(), clock.instant()));
  }

  private void build(Database database, Target target, int number, String state) {
    latest.put(target, latest(false, BUILD.formatted(number, number, state)));
    change(database, target);
  }

  private static final String BUILD =
      """
      {"pipelineId":"app","buildNumber":%d,"displayName":"team/app #%d","state":"%s",
      "url":"https://ci.example.com/7","testInfo":{"totalNumber":3,"numberPassed":2,
      "numberFailed":1,"numberSkipped":0}}""";

  private Latest latest(boolean deployment, String json) {
    return new Latest(deployment, JsonMapper.shared().readTree(json), clock.instant(), "client");
  }

  private void settle() {
    clock.move(Duration.ofSeconds(2));
  }

  private JsonNode only(String key) {
    assertThat(jira.links(key)).hasSize(1);
    return jira.links(key).get(0);
  }

  @OnEachDatabase
  void runWhenAPipelineChangesThenOneLinkIsKeptAtItsState(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "in_progress");
    settle();
    pusher.run();
    JsonNode first = only("ABC-1");
    build(database, PIPELINE, 2, "cancelled");
    clock.move(Duration.ofSeconds(10));
    pusher.run();

    JsonNode link = only("ABC-1");
    assertThat(link.path("globalId").asString()).isEqualTo("onbehalf=one&id=pipeline");
    assertThat(link.path("relationship").asString()).isEqualTo("built by");
    JsonNode object = link.path("object");
    assertThat(object.path("title").asString()).isEqualTo("team/app #2");
    assertThat(object.path("summary").asString())
        .isEqualTo("cancelled; 2 of 3 tests passed, 1 failed");
    assertThat(object.path("url").asString()).isEqualTo("https://ci.example.com/7");
    assertThat(object.at("/status/resolved").asBoolean()).isTrue();
    assertThat(object.at("/status/icon/url16x16").asString())
        .isEqualTo("https://delivery.example.com/-/onbehalf/icons/plain.svg");
    assertThat(first.at("/object/status/resolved").asBoolean()).isFalse();
    assertThat(first.at("/object/status/icon/title").asString()).isEqualTo("in progress");
    assertThat(audited).extracting(AuditEvent::action).containsOnly("jira-link");
    assertThat(audited).extracting(AuditEvent::consumer).containsOnly("client");
  }

  @OnEachDatabase
  void runWhenABurstComesThenToldOnce(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    for (int i = 1; i <= 100; i++) {
      build(database, PIPELINE, i, "successful");
      pusher.run();
    }
    settle();
    pusher.run();
    pusher.run();

    assertThat(jira.count("POST", "/remotelink")).isEqualTo(1);
    assertThat(only("ABC-1").at("/object/title").asString()).isEqualTo("team/app #100");
  }

  @OnEachDatabase
  void runWhenTheAnswerIsLostThenToldAgainAndShownOnce(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    settle();
    pusher.run();
    build(database, PIPELINE, 2, "successful");
    clock.move(Duration.ofSeconds(10));
    jira.mode(Mode.LOSES_ANSWERS);
    pusher.run();
    jira.mode(Mode.ANSWERS);
    clock.move(Duration.ofMinutes(5));
    pusher.run();

    assertThat(jira.count("POST", "/remotelink")).isEqualTo(3);
    assertThat(only("ABC-1").at("/object/title").asString()).isEqualTo("team/app #2");
    assertThat(new PushStore(database).status(null, null).waiting()).isZero();
  }

  @OnEachDatabase
  void runWhenItIsDownForAnHourThenNothingIsLostAndItIsAskedRarely(Database database) {
    IntStream.range(1, 40).forEach(i -> jira.create("ABC-" + i));
    Pusher pusher = pusher(database);
    jira.mode(Mode.DOWN);
    for (int minute = 0; minute < 60; minute++) {
      for (int i = 1; i < 40; i++) {
        build(database, new Target("pipeline", "ABC-" + i), minute, "successful");
      }
      for (int second = 0; second < 60; second += 5) {
        clock.move(Duration.ofSeconds(5));
        pusher.run();
      }
    }
    assertThat(pusher.pause()).isNotNull();
    jira.mode(Mode.ANSWERS);
    clock.move(Duration.ofMinutes(5));
    pusher.run();
    clock.move(Duration.ofSeconds(10));
    pusher.run();

    for (int i = 1; i < 40; i++) {
      assertThat(only("ABC-" + i).at("/object/title").asString()).isEqualTo("team/app #59");
    }
    assertThat(audited.stream().filter(event -> event.outcome() == Outcome.FAILED)).hasSize(1);
  }

  @OnEachDatabase
  void runWhenItAsksForPatienceThenLeftAloneAsLong(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    pusher.run();
    build(database, PIPELINE, 1, "successful");
    settle();
    jira.refuse(2, "600");
    pusher.run();
    int asked = jira.calls().size();
    clock.move(Duration.ofSeconds(599));
    assertThat(pusher.run()).isZero();
    assertThat(jira.calls()).hasSize(asked);
    clock.move(Duration.ofSeconds(1));
    pusher.run();

    assertThat(only("ABC-1").at("/object/title").asString()).isEqualTo("team/app #1");
  }

  @OnEachDatabase
  void runWhenThereIsMuchThenNoFasterThanAllowed(Database database) {
    Pusher pusher = pusher(database, 5);
    Target[] targets =
        IntStream.range(1, 41)
            .mapToObj(i -> new Target("pipeline", "ABC-" + i))
            .toArray(Target[]::new);
    for (Target target : targets) {
      jira.create(target.issueKey());
      latest.put(target, latest(false, BUILD.formatted(1, 1, "successful")));
    }
    change(database, targets);
    settle();

    pusher.run();
    pusher.run();
    assertThat(jira.count("POST", "/remotelink")).as("the burst").isEqualTo(10);
    for (int second = 0; second < 6; second++) {
      clock.move(Duration.ofSeconds(1));
      pusher.run();
    }
    assertThat(jira.count("POST", "/remotelink")).isEqualTo(40);
  }

  @OnEachDatabase
  void runWhenIssueAppearsLaterThenTheLinkAttachesItself(Database database) {
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    for (int minute = 0; minute < 120; minute++) {
      clock.move(Duration.ofMinutes(1));
      pusher.run();
    }
    assertThat(jira.count("POST", "/remotelink")).isZero();
    assertThat(jira.calls().size()).as("asked now and then").isBetween(5, 30);
    assertThat(new PushStore(database).status(null, null).unknownIssues()).isEqualTo(1);

    jira.create("ABC-1");
    clock.move(Duration.ofHours(1));
    pusher.run();

    assertThat(only("ABC-1").at("/object/title").asString()).isEqualTo("team/app #1");
    assertThat(new PushStore(database).status(null, null).unknownIssues()).isZero();
  }

  @OnEachDatabase
  void runWhenIssueNeverAppearsThenForgottenAfterAMonth(Database database) {
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    for (int day = 0; day < 32; day++) {
      clock.move(Duration.ofDays(1));
      pusher.run();
    }

    assertThat(new PushStore(database).status(null, null).links()).isZero();
  }

  @OnEachDatabase
  void runWhenForbiddenThenGivenUpUntilRetried(Database database) {
    jira.create("ABC-1");
    jira.allowLinking(false);
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    settle();
    pusher.run();
    clock.move(Duration.ofDays(1));
    pusher.run();

    assertThat(jira.count("POST", "/remotelink")).isEqualTo(1);
    PushStore store = new PushStore(database);
    assertThat(store.status(null, null).parkedLinks())
        .singleElement()
        .satisfies(
            parked -> {
              assertThat(parked.issueKey()).isEqualTo("ABC-1");
              assertThat(parked.reason()).contains("403", "do not have permission");
            });
    jira.allowLinking(true);
    store.retryParked(null, clock.instant());
    pusher.run();
    assertThat(jira.links("ABC-1")).hasSize(1);
  }

  @OnEachDatabase
  void runWhenNothingIsLeftThenTheLinkIsRemoved(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    build(database, PRODUCTION, 1, "successful");
    settle();
    pusher.run();
    assertThat(jira.links("ABC-1")).hasSize(2);

    latest.remove(PIPELINE);
    change(database, PIPELINE);
    jira.mode(Mode.LOSES_ANSWERS);
    clock.move(Duration.ofSeconds(10));
    pusher.run();
    jira.mode(Mode.ANSWERS);
    clock.move(Duration.ofMinutes(5));
    pusher.run();

    assertThat(only("ABC-1").path("globalId").asString()).endsWith("production");
    assertThat(new PushStore(database).status(null, null).links()).isEqualTo(1);
  }

  @OnEachDatabase
  void runWhenItFailsAgainAndAgainThenOneCommentUntilItSucceeded(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    int number = 0;
    for (String state :
        List.of("failed", "in_progress", "failed", "successful", "in_progress", "failed")) {
      build(database, PIPELINE, ++number, state);
      clock.move(Duration.ofSeconds(12));
      pusher.run();
    }

    assertThat(jira.comments("ABC-1"))
        .containsExactly(
            "Build failed: team/app #1\nhttps://ci.example.com/7",
            "Build failed: team/app #6\nhttps://ci.example.com/7");
  }

  @OnEachDatabase
  void runWhenTheCommentsAnswerIsLostThenNeverTwice(Database database) {
    jira.create("ABC-1");
    Pusher pusher = pusher(database);
    build(database, PIPELINE, 1, "successful");
    settle();
    pusher.run();
    build(database, PIPELINE, 2, "failed");
    clock.move(Duration.ofSeconds(10));
    jira.mode(Mode.LOSES_ANSWERS);
    pusher.run();
    jira.mode(Mode.ANSWERS);
    for (int i = 0; i < 5; i++) {
      clock.move(Duration.ofMinutes(5));
      pusher.run();
    }

    assertThat(jira.comments("ABC-1")).hasSize(1);
  }

  @OnEachDatabase
  void runWhenTwoNodesDoItThenEachLinkIsToldOnce(Database database) throws InterruptedException {
    Target[] targets =
        IntStream.range(1, 61)
            .mapToObj(i -> new Target("pipeline", "ABC-" + i))
            .toArray(Target[]::new);
    for (Target target : targets) {
      jira.create(target.issueKey());
      latest.put(target, latest(false, BUILD.formatted(1, 1, "failed")));
    }
    change(database, targets);
    settle();
    List<Thread> nodes =
        IntStream.range(0, 2)
            .mapToObj(
                i -> {
                  Pusher pusher = pusher(database, 1000);
                  return new Thread(pusher::run);
                })
            .toList();
    nodes.forEach(Thread::start);
    for (Thread node : nodes) {
      node.join();
    }

    assertThat(jira.count("POST", "/remotelink")).isEqualTo(60);
    assertThat(jira.count("POST", "/comment")).isEqualTo(60);
  }

  @Test
  void textsWhenTheyHoldMarkupOrControlsThenHarmless() {
    assertThat(Texts.unmarked("[~admin] {html}x{html} !x! a|b\\c"))
        .isEqualTo("(-admin) (html)x(html) -x- a/b/c");
    assertThat(Texts.plain(" a\n\tb\u0000\u202ec ", 10)).isEqualTo("a b c");
    assertThat(Texts.plain("x".repeat(300), 255)).hasSizeLessThanOrEqualTo(255);
  }
}
