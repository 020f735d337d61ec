package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.DirectoryException;
import dev.onbehalf.server.store.StoreException;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.time.InstantSource;
import java.util.function.Function;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records how an endpoint answered, and turns what went wrong into the right answer. */
final class Recorder {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final AuditTrail audit;
  private final InstantSource clock;
  private final Refusals refusals;

  Recorder(AuditTrail audit, InstantSource clock, Refusals refusals) {
    this.audit = audit;
    this.clock = clock;
    this.refusals = refusals;
  }

  /** Whether the store or the directory failed, rather than a program. */
  static boolean unavailable(RuntimeException e) {
    return e instanceof JdbiException
        || e instanceof StoreException
        || e instanceof DirectoryException
        || e instanceof IllegalStateException;
  }

  AuditEvent.Builder event(WebRequest request, String action, AuditEvent.Outcome outcome) {
    return AuditEvent.builder(clock.instant(), request.id(), action, outcome)
        .application(request.application())
        .request(request.method(), request.path())
        .remoteAddress(request.remoteAddress());
  }

  void record(AuditEvent event) {
    audit.record(event);
  }

  /**
   * Answers a signed request: refusals as OAuth has them, with 503 where the store fails, and
   * records which it was.
   */
  WebResponse guarded(
      WebRequest request, String action, Function<AuditEvent.Builder, WebResponse> answer) {
    AuditEvent.Builder allowed = event(request, action, AuditEvent.Outcome.ALLOWED);
    try {
      WebResponse response = answer.apply(allowed);
      audit.record(allowed.build());
      return response;
    } catch (OAuthProblemException e) {
      refusals.refused(request, e);
      refused(allowed.build(), AuditEvent.Outcome.REFUSED, e.problem().code(), e.detail());
      return Answers.problem(e, request.publicUrl().toString());
    } catch (WebException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("Request {} to {} failed", request.id(), request.path(), e);
      boolean unavailable = unavailable(e);
      refused(
          allowed.build(),
          AuditEvent.Outcome.FAILED,
          unavailable ? "unavailable" : "failure",
          null);
      return unavailable ? Answers.unavailable() : Answers.failed();
    }
  }

  private void refused(
      AuditEvent event, AuditEvent.Outcome outcome, String problem, @Nullable String detail) {
    audit.record(
        AuditEvent.builder(event.at(), event.requestId(), event.action(), outcome)
            .consumer(event.consumer())
            .person(event.person())
            .application(event.application())
            .request(event.method(), event.path())
            .problem(problem)
            .detail(detail)
            .remoteAddress(event.remoteAddress())
            .build());
  }
}
