package dev.onbehalf.server.gateway;

import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.server.gateway.upstream.UpstreamException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The meters of one application, found once: to count takes no look-up by labels. No label comes
 * from a request: applications are those configured, problems those listed here.
 */
final class RequestMeters {
  private static final String OTHER = "other";

  /** Reasons of ours beside the problems OAuth knows. */
  private static final String[] REASONS = {
    "level_off",
    "unavailable",
    "failure",
    "policy",
    "form-too-large",
    "busy",
    "cross-site",
    "unsendable-name",
    "rate-limited",
    "dot-segments",
    "method",
    OTHER
  };

  private static final Duration[] VERIFICATION_BUCKETS = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofSeconds(1)
  };

  private static final Duration[] UPSTREAM_BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private final Counter signed;
  private final Counter session;
  private final Counter unsigned;
  private final Counter signIn;
  private final Counter ownPages;
  private final Counter refused;
  private final Map<String, Counter> refusals = new HashMap<>();
  private final Map<UpstreamException.Reason, Counter> failures =
      new EnumMap<>(UpstreamException.Reason.class);
  private final Timer verification;
  private final Timer upstream;

  RequestMeters(MeterRegistry registry, String application) {
    signed = requests(registry, application, "signed");
    session = requests(registry, application, "session");
    unsigned = requests(registry, application, "unsigned");
    signIn = requests(registry, application, "sign-in");
    ownPages = requests(registry, application, "own-pages");
    refused = requests(registry, application, "refused");
    Stream.concat(
            Arrays.stream(OAuthProblem.values()).map(OAuthProblem::code), Arrays.stream(REASONS))
        .forEach(
            problem ->
                refusals.put(
                    problem,
                    Counter.builder("onbehalf.refusals")
                        .description("Requests refused, by problem code.")
                        .tag("application", application)
                        .tag("problem", problem)
                        .register(registry)));
    for (UpstreamException.Reason reason : UpstreamException.Reason.values()) {
      failures.put(
          reason,
          Counter.builder("onbehalf.upstream.failures")
              .description("Requests let pass that the upstream did not answer.")
              .tag("application", application)
              .tag("reason", reason.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    verification =
        Timer.builder("onbehalf.verification")
            .description("Time to check a signed request: signature, nonce, token and person.")
            .tag("application", application)
            .serviceLevelObjectives(VERIFICATION_BUCKETS)
            .register(registry);
    upstream =
        Timer.builder("onbehalf.upstream")
            .description("Time from a request sent to the upstream to the head of its answer.")
            .tag("application", application)
            .serviceLevelObjectives(UPSTREAM_BUCKETS)
            .register(registry);
  }

  private static Counter requests(MeterRegistry registry, String application, String outcome) {
    return Counter.builder("onbehalf.requests")
        .description(
            "Requests by what became of them: let pass as who signed, as who signed in at the"
                + " gateway or as they came; sent to sign-in; to our own pages; refused.")
        .tag("application", application)
        .tag("outcome", outcome)
        .register(registry);
  }

  void signed() {
    signed.increment();
  }

  void session() {
    session.increment();
  }

  void unsigned() {
    unsigned.increment();
  }

  /** Sent to sign in, or told that it must. */
  void signIn() {
    signIn.increment();
  }

  void ownPages() {
    ownPages.increment();
  }

  /** Counts a refusal; a problem that is not listed counts as another one. */
  void refused(String problem) {
    refused.increment();
    Counter counter = refusals.get(problem);
    if (counter == null) {
      counter = refusals.get(OTHER);
    }
    if (counter != null) {
      counter.increment();
    }
  }

  void failed(UpstreamException.Reason reason) {
    Counter counter = failures.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void verified(long sinceNanos) {
    verification.record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
  }

  void answered(long sinceNanos) {
    upstream.record(System.nanoTime() - sinceNanos, TimeUnit.NANOSECONDS);
  }
}
