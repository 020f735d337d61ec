package dev.onbehalf.server.gateway;

import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What is recorded of one request's decision: who asked, as whom it runs, through what. */
final class Recording {
  private final AuditTrail audit;
  private final InstantSource clock;
  private final @Nullable String consumer;
  private final @Nullable String person;
  private final @Nullable String detail;

  private Recording(
      AuditTrail audit,
      InstantSource clock,
      @Nullable String consumer,
      @Nullable String person,
      @Nullable String detail) {
    this.audit = audit;
    this.clock = clock;
    this.consumer = consumer;
    this.person = person;
    this.detail = detail;
  }

  static Recording of(AuditTrail audit, InstantSource clock, Caller caller) {
    String how =
        switch (caller.mode()) {
          case THREE_LEGGED -> "Authorised by the person.";
          case TWO_LEGGED -> "As the consumer's configured user.";
          case IMPERSONATED -> "Impersonated by the consumer.";
        };
    String detail = how + " Signed with credential " + caller.credentialId() + ".";
    return new Recording(audit, clock, caller.consumerKey(), caller.person().name(), detail);
  }

  static Recording ofSession(AuditTrail audit, InstantSource clock, String person) {
    return new Recording(audit, clock, null, person, "Signed in at the gateway.");
  }

  static Recording of(
      AuditTrail audit, InstantSource clock, @Nullable String consumer, @Nullable String person) {
    return new Recording(audit, clock, consumer, person, null);
  }

  /**
   * Records how it ended.
   *
   * @param problem why not; null where allowed
   * @param why one sentence; null for how the person was established
   */
  void note(Arrived arrived, Outcome outcome, @Nullable String problem, @Nullable String why) {
    audit.record(
        AuditEvent.builder(clock.instant(), arrived.id(), "request", outcome)
            .consumer(consumer)
            .person(person)
            .actedAs(outcome == Outcome.REFUSED ? null : person)
            .application(arrived.application().name())
            .request(arrived.method(), arrived.path())
            .problem(problem)
            .detail(why == null ? detail : why)
            .remoteAddress(arrived.clientAddress())
            .build());
  }
}
