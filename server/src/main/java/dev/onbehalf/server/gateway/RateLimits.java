package dev.onbehalf.server.gateway;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.web.Buckets;
import dev.onbehalf.server.web.WebResponse;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets per client address and per consumer, on this node. An IPv6 address counts as its
 * /64 network. That a bucket ran dry is recorded once a minute at most.
 */
final class RateLimits {
  private static final long COUNTED = 100_000;
  private static final long NOTED_SECONDS = 60;

  private final AuditTrail audit;
  private final InstantSource clock;
  private final @Nullable LoadingCache<Object, Limited> requests;
  private final @Nullable LoadingCache<Object, Limited> checks;
  private final @Nullable LoadingCache<Object, Limited> consumers;

  private record Limited(Bucket bucket, AtomicLong notedUntil) {}

  RateLimits(LimitConfig config, AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
    TimeMeter meter = Buckets.meter(clock);
    requests = limited(config.requestsPerAddress(), meter);
    checks = limited(config.checksPerAddress(), meter);
    consumers = limited(config.requestsPerConsumer(), meter);
  }

  private static @Nullable LoadingCache<Object, Limited> limited(int perSecond, TimeMeter meter) {
    if (perSecond == 0) {
      return null;
    }
    return Caffeine.newBuilder()
        .maximumSize(COUNTED)
        .expireAfterAccess(Duration.ofMinutes(5))
        .build(key -> new Limited(Buckets.perSecond(perSecond, meter), new AtomicLong()));
  }

  /** Counts a request of an address; false if it was answered with 429. */
  boolean admits(Arrived arrived) {
    return requests == null || take(arrived, requests.get(network(arrived.client())));
  }

  /** Counts what costs us, not the upstream; false if it was answered with 429. */
  boolean admitsCheck(Arrived arrived) {
    return checks == null || take(arrived, checks.get(network(arrived.client())));
  }

  /** Takes back what {@link #admitsCheck} counted: the signature was right. */
  void forgiveCheck(Arrived arrived) {
    if (checks != null) {
      checks.get(network(arrived.client())).bucket().addTokens(1);
    }
  }

  /** Counts a request of a consumer; false if it may not send one now. */
  boolean admitsConsumer(String consumer) {
    return consumers == null || consumers.get(consumer).bucket().tryConsume(1);
  }

  /** Takes back what {@link #admitsConsumer} counted: the request was refused after all. */
  void forgiveConsumer(String consumer) {
    if (consumers != null) {
      consumers.get(consumer).bucket().addTokens(1);
    }
  }

  /** Answers a request that {@link #admitsConsumer} did not let pass with 429. */
  void refuseConsumer(Arrived arrived, String consumer) {
    if (consumers == null) {
      throw new IllegalStateException("Consumers have no limit.");
    }
    Limited limited = consumers.get(consumer);
    refuse(
        arrived,
        limited,
        limited.bucket().estimateAbilityToConsume(1).getNanosToWaitForRefill(),
        consumer);
  }

  private boolean take(Arrived arrived, Limited limited) {
    ConsumptionProbe probe = limited.bucket().tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      refuse(arrived, limited, probe.getNanosToWaitForRefill(), null);
    }
    return probe.isConsumed();
  }

  private void refuse(
      Arrived arrived, Limited limited, long nanosToWait, @Nullable String consumer) {
    arrived.meters().refused("rate-limited");
    note(arrived, limited, consumer);
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanosToWait) + 1;
    Answers.exact(
        arrived.response(), arrived.callback(), tooMany(seconds, arrived.id()), arrived.id());
  }

  static WebResponse tooMany(long seconds, String requestId) {
    return WebResponse.of(
            429,
            "text/plain; charset=utf-8",
            "Too many requests; try again in a moment.\nRequest: " + requestId + "\n")
        .with("Retry-After", Long.toString(seconds))
        .with("Cache-Control", "no-store");
  }

  /**
   * Counts a request of an address to a site of our own; returns 0, or after how many seconds it
   * may try again.
   */
  long secondsToWait(InetAddress client, String site, String requestId) {
    for (LoadingCache<Object, Limited> cache : Arrays.asList(requests, checks)) {
      if (cache == null) {
        continue;
      }
      Limited limited = cache.get(network(client));
      ConsumptionProbe probe = limited.bucket().tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        if (noteworthy(limited)) {
          audit.record(
              AuditEvent.builder(clock.instant(), requestId, "request", Outcome.REFUSED)
                  .application(site)
                  .problem("rate-limited")
                  .detail("This address sends more requests than its limit.")
                  .remoteAddress(client.getHostAddress())
                  .build());
        }
        return TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
      }
    }
    return 0;
  }

  private boolean noteworthy(Limited limited) {
    long now = clock.instant().getEpochSecond();
    long until = limited.notedUntil().get();
    return now >= until && limited.notedUntil().compareAndSet(until, now + NOTED_SECONDS);
  }

  private void note(Arrived arrived, Limited limited, @Nullable String consumer) {
    if (noteworthy(limited)) {
      Recording.of(audit, clock, consumer, null)
          .note(
              arrived,
              Outcome.REFUSED,
              "rate-limited",
              consumer == null
                  ? "This address sends more requests than its limit."
                  : "This consumer sends more requests than its limit.");
    }
  }

  private static Object network(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 16 ? Arrays.toString(Arrays.copyOf(bytes, 8)) : address;
  }
}
