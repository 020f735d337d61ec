package dev.onbehalf.server.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
public final class SteppingClock implements InstantSource {
  private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  public long seconds() {
    return instant().getEpochSecond();
  }

  /** Moves forward, or backward by a negative duration. */
  public synchronized void move(Duration by) {
    now = now.plus(by);
  }
}
