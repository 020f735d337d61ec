package dev.onbehalf.server.link;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The system's clock, which a test can set forward and stop. */
public final class TestClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;
  private volatile @Nullable Instant stopped;

  public void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  /** Has it stand still from now on, but for {@link #advance}. */
  public void stop() {
    stopped = Instant.now();
  }

  @Override
  public Instant instant() {
    Instant still = stopped;
    return (still == null ? Instant.now() : still).plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
