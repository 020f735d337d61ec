package dev.onbehalf.server.receive;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.web.Buckets;
import dev.onbehalf.server.web.Networks;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Bounds how often one address may show a wrong client id, secret or token, on this node: some at
 * once, then one every few seconds.
 */
public final class ClientFailures {
  /** How many are let through at once. */
  public static final int AT_ONCE = 20;

  private static final Duration REFILL = Duration.ofMinutes(2);
  private static final long COUNTED = 50_000;

  private final LoadingCache<String, Bucket> buckets;

  public ClientFailures(InstantSource clock) {
    TimeMeter meter = Buckets.meter(clock);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(COUNTED)
            .expireAfterAccess(REFILL)
            .ticker(meter::currentTimeNanos)
            .build(
                address ->
                    Bucket.builder()
                        .withCustomTimePrecision(meter)
                        .addLimit(limit -> limit.capacity(AT_ONCE).refillGreedy(AT_ONCE, REFILL))
                        .build());
  }

  /** Counts a failure. */
  public ConsumptionProbe take(String address) {
    return buckets.get(Networks.of(address)).tryConsumeAndReturnRemaining(1);
  }
}
