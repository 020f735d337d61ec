package dev.onbehalf.server.receive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What the receiving side counts: by kind of data and outcome, never by sender. */
final class IntakeMeters {
  private final Map<String, Counter> accepted = new HashMap<>();
  private final Map<String, Counter> rejected = new HashMap<>();
  private final Counter given;
  private final Counter denied;
  private final Counter limited;

  IntakeMeters(MeterRegistry registry) {
    for (Kind kind : Kind.ALL) {
      String name = kind.type().name();
      accepted.put(name, entities(registry, name, "accepted"));
      rejected.put(name, entities(registry, name, "rejected"));
    }
    given = tokens(registry, "given");
    denied = tokens(registry, "denied");
    limited =
        Counter.builder("onbehalf.receive.limited")
            .description("Requests over the limit of a delivery credential.")
            .register(registry);
  }

  private static Counter entities(MeterRegistry registry, String kind, String outcome) {
    return Counter.builder("onbehalf.receive.entities")
        .description("Builds, deployments and what belongs to them, as they were received.")
        .tag("kind", kind)
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Counter tokens(MeterRegistry registry, String outcome) {
    return Counter.builder("onbehalf.receive.tokens")
        .description("Access tokens asked for with a delivery credential.")
        .tag("outcome", outcome)
        .register(registry);
  }

  void received(Kind kind, int acceptedCount, int rejectedCount) {
    String name = kind.type().name();
    Objects.requireNonNull(accepted.get(name)).increment(acceptedCount);
    Objects.requireNonNull(rejected.get(name)).increment(rejectedCount);
  }

  void token(boolean wasGiven) {
    (wasGiven ? given : denied).increment();
  }

  void limited() {
    limited.increment();
  }
}
