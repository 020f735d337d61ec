package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PurgerTest {
  private final SteppingClock clock = new SteppingClock();

  @Test
  void runNowWhenOnePurgeFailsThenTheOthersRunWithTheTimeOfTheClock() {
    List<Instant> ran = new ArrayList<>();
    try (Purger purger = new Purger(clock, Duration.ofHours(1))) {
      purger.register(
          "a",
          now -> {
            throw new IllegalStateException("expected in this test");
          });
      purger.register(
          "b",
          now -> {
            ran.add(now);
            return 1;
          });
      purger.runNow();
    }

    assertThat(ran).containsExactly(clock.instant());
  }

  @Test
  void startWhenIntervalsPassThenItRunsAgainAndAgain() throws InterruptedException {
    CountDownLatch runs = new CountDownLatch(3);
    try (Purger purger = new Purger(clock, Duration.ofMillis(1))) {
      purger.register(
          "a",
          now -> {
            runs.countDown();
            throw new IllegalStateException("expected in this test");
          });
      purger.start();
      assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void registerWhenTheNameIsTakenThenRefused() {
    try (Purger purger = new Purger(clock, Duration.ofHours(1))) {
      purger.register("a", now -> 0);
      assertThatThrownBy(() -> purger.register("a", now -> 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
