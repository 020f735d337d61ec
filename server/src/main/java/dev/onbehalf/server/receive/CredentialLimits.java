package dev.onbehalf.server.receive;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.web.Buckets;
import dev.onbehalf.server.web.WebResponse;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * A token bucket per credential, on this node, with the header lines senders know; {@code
 * docs/peer-facts.md} 2.7.
 */
final class CredentialLimits {
  private static final int NEAR_PERCENT = 20;

  private final int perSecond;
  private final InstantSource clock;
  private final LoadingCache<Long, Bucket> buckets;

  CredentialLimits(int perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    TimeMeter meter = Buckets.meter(clock);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build(id -> Buckets.perSecond(perSecond, meter));
  }

  /** Counts a request. */
  ConsumptionProbe take(Credential credential) {
    return buckets.get(credential.id()).tryConsumeAndReturnRemaining(1);
  }

  /** Returns the answer with how much is left of the limit. */
  WebResponse with(ConsumptionProbe probe, WebResponse answer) {
    long most = Buckets.capacity(perSecond);
    WebResponse told =
        answer
            .with("X-RateLimit-Limit", Long.toString(most))
            .with("X-RateLimit-Remaining", Long.toString(probe.getRemainingTokens()));
    return probe.getRemainingTokens() * 100 < most * NEAR_PERCENT
        ? told.with("X-RateLimit-NearLimit", "true")
        : told;
  }

  /** Answers a request that was one too many. */
  WebResponse refusal(ConsumptionProbe probe) {
    Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
    Instant reset = clock.instant().plus(wait).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    return with(probe, Json.error(429, "Too many requests; try again in a moment."))
        .with("Retry-After", Long.toString(wait.toSeconds() + 1))
        .with("X-RateLimit-Reset", reset.toString())
        .with("RateLimit-Reason", "jira-burst-based");
  }
}
