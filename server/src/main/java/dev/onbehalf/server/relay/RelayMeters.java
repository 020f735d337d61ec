package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.send.FlushResult;
import dev.onbehalf.delivery.send.SiteResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of one site of the delivery file, by its name there. */
final class RelayMeters {
  private final Counter passed;
  private final Counter failed;
  private final Map<SiteResult.Outcome, Counter> batches = new EnumMap<>(SiteResult.Outcome.class);
  private final AtomicInteger kept = new AtomicInteger();

  RelayMeters(MeterRegistry registry, String site) {
    passed = requests(registry, site, "passed");
    failed = requests(registry, site, "failed");
    Arrays.stream(SiteResult.Outcome.values())
        .forEach(
            outcome ->
                batches.put(
                    outcome,
                    Counter.builder("onbehalf.delivery.batches")
                        .description("Batches of reports of CI servers' events, sent or not.")
                        .tag("site", site)
                        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .register(registry)));
    Gauge.builder("onbehalf.delivery.kept", kept, AtomicInteger::get)
        .description("Batches of reports that wait on this node's disk to be sent again.")
        .tag("site", site)
        .register(registry);
  }

  private static Counter requests(MeterRegistry registry, String site, String outcome) {
    return Counter.builder("onbehalf.delivery.requests")
        .description("Requests of agents passed on to a site.")
        .tag("site", site)
        .tag("outcome", outcome)
        .register(registry);
  }

  void passed() {
    passed.increment();
  }

  void failed() {
    failed.increment();
  }

  void flushed(FlushResult flushed) {
    kept.set(flushed.kept());
    flushed
        .results()
        .forEach(result -> Objects.requireNonNull(batches.get(result.outcome())).increment());
  }
}
