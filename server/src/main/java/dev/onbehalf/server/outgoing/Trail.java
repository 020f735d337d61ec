package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.web.WebRequest;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Writes down what was asked for through links, without queries and secrets. */
final class Trail {
  private final AuditTrail audit;
  private final InstantSource clock;

  Trail(AuditTrail audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  void refused(WebRequest request, String action, RefusedCaller refused) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), action, Outcome.REFUSED)
            .consumer(refused.consumer())
            .person(refused.person())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(refused.problem())
            .detail(refused.record())
            .remoteAddress(request.remoteAddress())
            .build());
  }

  void note(
      WebRequest request,
      String action,
      Outcome outcome,
      Acting acting,
      @Nullable String problem,
      String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), action, outcome)
            .consumer(acting.consumer())
            .person(acting.person().name())
            .actedAs(outcome == Outcome.REFUSED ? null : acting.person().name())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(problem)
            .detail("By " + acting.how() + ": " + detail)
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
