package dev.onbehalf.server.people;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignInLimiterTest {
  private static final String HOME = "192.0.2.1";

  private final TestClock clock = new TestClock();
  private final SignInLimiter limiter = new SignInLimiter(clock);

  /** Fails as a stranger with many addresses, until the name is locked for all of them. */
  private void lockOut(String name) {
    for (int i = 0; i < SignInLimiter.PER_NAME; i++) {
      assertThat(limiter.admit(name, "198.51.100." + i)).isPresent();
    }
    assertThat(limiter.admit(name, "198.51.100.200")).isEmpty();
  }

  @Test
  void admitWhenStrangersLockANameThenItsPersonStillSignsInFromHerPlace() {
    limiter.admit("alice", HOME).orElseThrow().succeeded();

    lockOut("Alice");

    assertThat(limiter.admit("alice", HOME)).isPresent();
    assertThat(limiter.admit("alice", "192.0.2.2")).isEmpty();
    assertThat(limiter.admit("bob", "192.0.2.2")).isPresent();
    clock.advance(SignInLimiter.PERIOD);
    assertThat(limiter.admit("alice", "192.0.2.2")).isPresent();
  }

  @Test
  void admitWhenKnownPlaceFailsTooOftenThenLockedThere() {
    limiter.admit("alice", HOME).orElseThrow().succeeded();
    for (int i = 0; i < SignInLimiter.PER_NAME_AND_ADDRESS; i++) {
      assertThat(limiter.admit("alice", HOME)).isPresent();
    }

    assertThat(limiter.admit("alice", HOME)).isEmpty();
    assertThat(limiter.admit("alice", "192.0.2.2")).isPresent();
  }

  @Test
  void admitWhenAnAttemptWasUndecidedThenThePlaceIsNotKnown() {
    limiter.admit("alice", HOME).orElseThrow().undecided();

    lockOut("alice");

    assertThat(limiter.admit("alice", HOME)).isEmpty();
  }

  @Test
  void admitWhenLastSignInIsLongAgoThenThePlaceIsForgotten() {
    limiter.admit("alice", HOME).orElseThrow().succeeded();
    clock.advance(Duration.ofDays(31));

    lockOut("alice");

    assertThat(limiter.admit("alice", HOME)).isEmpty();
  }
}
