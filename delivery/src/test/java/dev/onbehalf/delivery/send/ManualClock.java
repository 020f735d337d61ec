package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.TestReports;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A clock that moves when something sleeps, and remembers how long. */
public final class ManualClock implements InstantSource, Sleeper {
  private final List<Duration> slept = new CopyOnWriteArrayList<>();
  private volatile Instant now = TestReports.NOW;

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public synchronized void sleep(Duration duration) {
    slept.add(duration);
    now = now.plus(duration);
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  public List<Duration> slept() {
    return List.copyOf(slept);
  }
}
