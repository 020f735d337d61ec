package dev.onbehalf.server.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when told. */
final class TestClock implements InstantSource {
  private volatile Instant now;

  TestClock() {
    this(Instant.parse("2026-11-21T10:00:00Z"));
  }

  TestClock(Instant now) {
    this.now = now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }
}
