package dev.onbehalf.server.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.monitor.Check.Finding;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

class WatchTest {
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;

  private Watch watch(Database database, @Nullable Webhook webhook, Check... checks) {
    return new Watch(
        new Watch.Parts(database, events::add, clock, () -> List.of(checks), INTERVAL, webhook),
        Duration.ofSeconds(2));
  }

  @OnEachDatabase
  void runWhenAPeerGoesDownAndComesBackThenEachChangeIsToldOnce(Database database)
      throws IOException, InterruptedException {
    AtomicInteger broken = new AtomicInteger();
    Check check =
        new Check(
            "link jira",
            () ->
                broken.get() == 0
                    ? Finding.works("It answers.")
                    : Finding.fails("It is down; start it."));
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (HookReceiver receiver = new HookReceiver();
        Watch watch =
            watch(
                database,
                new Webhook(Secret.of(receiver.url()), Duration.ofMillis(1)),
                check,
                new Check("receive", () -> Finding.works("Fine.")))) {
      watch.bindTo(registry);
      Instant first = now;
      watch.runNow();
      assertThat(watch.states())
          .extracting(CheckState::name, CheckState::healthy, CheckState::since)
          .containsExactly(tuple("link jira", true, first), tuple("receive", true, first));
      assertThat(events).isEmpty();

      broken.set(1);
      now = now.plus(INTERVAL);
      Instant down = now;
      watch.runNow();
      now = now.plus(INTERVAL);
      watch.runNow();
      CheckState state = watch.states().get(0);
      assertThat(state.healthy()).isFalse();
      assertThat(state.since()).isEqualTo(down);
      assertThat(state.checked()).isEqualTo(now);
      assertThat(state.sentence()).isEqualTo("It is down; start it.");
      assertThat(registry.get("onbehalf.check.healthy").tag("check", "link jira").gauge().value())
          .isZero();
      assertThat(receiver.next().at("/changes/0/healthy").asBoolean(true)).isFalse();

      broken.set(0);
      now = now.plus(INTERVAL);
      watch.runNow();
      assertThat(receiver.next().at("/changes/0/healthy").asBoolean(false)).isTrue();
      assertThat(receiver.waiting()).isZero();
      assertThat(registry.get("onbehalf.check.healthy").tag("check", "link jira").gauge().value())
          .isEqualTo(1);
      assertThat(events)
          .extracting(AuditEvent::outcome)
          .containsExactly(Outcome.FAILED, Outcome.ALLOWED);
      assertThat(events.get(0).detail()).contains("link jira", "start it");
    }
  }

  @OnEachDatabase
  void startWhenTheNodeBeforeDiedBeforeItToldThenToldOnce(Database database)
      throws IOException, InterruptedException {
    AtomicInteger broken = new AtomicInteger(1);
    Check check =
        new Check(
            "link jira",
            () -> broken.get() == 0 ? Finding.works("Fine.") : Finding.fails("It is down."));
    try (HookReceiver receiver = new HookReceiver()) {
      Secret url = Secret.of(receiver.url());
      Instant down = now;
      Webhook dead = new Webhook(url);
      dead.close();
      try (Watch first = watch(database, dead, check)) {
        first.runNow();
      }
      now = now.plus(Duration.ofDays(1));
      try (Watch second = watch(database, new Webhook(url, Duration.ofMillis(1)), check)) {
        second.tellUntold();
        JsonNode told = receiver.next();
        assertThat(told.at("/changes/0/check").asString()).isEqualTo("link jira");
        assertThat(told.at("/changes/0/since").asString()).isEqualTo(down.toString());
        awaitTold(database);
        second.tellUntold();
        second.runNow();
      }
      try (Watch third = watch(database, new Webhook(url, Duration.ofMillis(1)), check)) {
        third.tellUntold();
        third.runNow();
        broken.set(0);
        third.runNow();
        assertThat(receiver.next().at("/changes/0/healthy").asBoolean(false))
            .as("the next thing told is the next change")
            .isTrue();
        assertThat(receiver.waiting()).isZero();
      }
    }
  }

  private static void awaitTold(Database database) {
    while (!new JdbiCheckStore(database).untold().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @OnEachDatabase
  void runWhenTheWebhookGaveUpThenToldAgainWithTheNextRound(Database database)
      throws IOException, InterruptedException {
    Check check = new Check("link jira", () -> Finding.fails("It is down."));
    try (HookReceiver receiver = new HookReceiver();
        Watch watch =
            watch(database, new Webhook(Secret.of(receiver.url()), Duration.ofMillis(1)), check)) {
      receiver.status = 503;
      watch.runNow();
      for (int i = 0; i < 5; i++) {
        receiver.next();
      }
      receiver.status = 200;
      while (!new JdbiCheckStore(database).untold().isEmpty()) {
        watch.runNow();
      }
      assertThat(receiver.next().at("/changes/0/check").asString()).isEqualTo("link jira");
      assertThat(receiver.waiting()).isZero();
    }
  }

  @OnEachDatabase
  void runWhenACheckHangsThenItFailsAtItsDeadlineAndTheOthersRun(Database database) {
    CountDownLatch forever = new CountDownLatch(1);
    AtomicInteger begun = new AtomicInteger();
    Check hanging =
        new Check(
            "hanging",
            () -> {
              begun.incrementAndGet();
              while (true) {
                try {
                  forever.await();
                  return Finding.works("At last.");
                } catch (InterruptedException e) {
                  // It does not listen.
                }
              }
            });
    try (Watch watch =
        watch(database, null, hanging, new Check("other", () -> Finding.works("Fine.")))) {
      watch.runNow();
      assertThat(watch.states().get(0).sentence()).contains("did not end within 2 seconds");
      assertThat(watch.states().get(1).healthy()).isTrue();
      watch.runNow();
      assertThat(begun).hasValue(1);
      assertThat(watch.states().get(0).sentence()).contains("has not ended yet");
    } finally {
      forever.countDown();
    }
  }

  @OnEachDatabase
  void runWhenACheckBreaksThenItFailsAndTheNextRoundForgetsIt(Database database) {
    Check breaking =
        new Check(
            "breaking",
            () -> {
              throw new IllegalStateException("the secret inside is hunter2");
            });
    try (Watch watch = watch(database, null, breaking)) {
      watch.runNow();
      assertThat(watch.states().get(0).sentence()).contains("log").doesNotContain("hunter2");
    }
    try (Watch watch = watch(database, null)) {
      watch.runNow();
      assertThat(watch.states()).isEmpty();
    }
  }

  @OnEachDatabase
  void takeTurnWhenTwoNodesLookThenOneRuns(Database database) {
    JdbiCheckStore one = new JdbiCheckStore(database);
    JdbiCheckStore other = new JdbiCheckStore(database);
    Instant next = now.plus(INTERVAL);
    Instant latest = next.plus(INTERVAL);
    assertThat(one.takeTurn(now, next, latest)).isTrue();
    assertThat(other.takeTurn(now.plusSeconds(1), next.plusSeconds(1), latest)).isFalse();
    assertThat(other.takeTurn(next, next.plus(INTERVAL), latest.plus(INTERVAL))).isTrue();
    assertThat(one.takeTurn(now, next, next)).as("a clock that was far ahead").isTrue();
  }
}
