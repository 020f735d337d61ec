package dev.onbehalf.server.web;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Token buckets that go by a given clock. */
public final class Buckets {
  private static final int BURST_SECONDS = 2;

  private Buckets() {}

  /** Returns a meter that reads {@code clock}. */
  public static TimeMeter meter(InstantSource clock) {
    return new TimeMeter() {
      @Override
      public long currentTimeNanos() {
        return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
      }

      @Override
      public boolean isWallClockBased() {
        return true;
      }
    };
  }

  /** Returns a bucket that is refilled steadily and holds {@link #capacity}. */
  public static Bucket perSecond(int perSecond, TimeMeter meter) {
    return Bucket.builder()
        .withCustomTimePrecision(meter)
        .addLimit(
            limit ->
                limit.capacity(capacity(perSecond)).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }

  /** Returns how much may be taken at once of what is refilled by {@code perSecond}. */
  public static long capacity(int perSecond) {
    return (long) perSecond * BURST_SECONDS;
  }
}
