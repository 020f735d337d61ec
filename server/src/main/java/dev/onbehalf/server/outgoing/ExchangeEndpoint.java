package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.build.BuildIdentity;
import dev.onbehalf.server.build.RefusedBuildException;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;

/**
 * Exchanges a CI's token for a ticket (RFC 8693): the token as {@code subject_token} of a form, or
 * as the bearer of an empty request.
 */
final class ExchangeEndpoint implements WebHandler {
  private static final String ACTION = "build-token";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ISSUED = "urn:ietf:params:oauth:token-type:access_token";

  private final BuildIdentity builds;
  private final Trail trail;

  ExchangeEndpoint(BuildIdentity builds, Trail trail) {
    this.builds = builds;
    this.trail = trail;
  }

  @Override
  public WebResponse handle(WebRequest request) {
    try {
      BuildIdentity.Ticket ticket = builds.exchange(token(request));
      BuildIdentity.Caller build = ticket.caller();
      trail.note(
          request,
          ACTION,
          Outcome.ALLOWED,
          new Acting(build.person(), "build " + build.build(), null, (l, m, p) -> null),
          null,
          "a ticket for " + ticket.life().toSeconds() + " s");
      return Json.answer(
          200,
          Json.object()
              .put("access_token", ticket.value().reveal())
              .put("issued_token_type", ISSUED)
              .put("token_type", "Bearer")
              .put("expires_in", ticket.life().toSeconds()));
    } catch (RefusedBuildException e) {
      RefusedCaller refused = Callers.refused(e);
      trail.refused(request, ACTION, refused);
      return error(refused);
    } catch (RefusedCaller e) {
      trail.refused(request, ACTION, e);
      return error(e);
    }
  }

  private static WebResponse error(RefusedCaller refused) {
    if (refused.problem().equals(RefusedBuildException.BUSY)) {
      return refused.toAnswer();
    }
    return Json.answer(
        400,
        Json.object()
            .put("error", "invalid_grant")
            .put("error_description", refused.sentence())
            .put("problem", refused.problem()));
  }

  private static String token(WebRequest request) throws RefusedCaller {
    if (!request.hasForm()) {
      return Callers.bearer(request);
    }
    Form form = Form.body(request);
    if (!form.value("grant_type").orElse("").equals(GRANT)) {
      throw new RefusedCaller(400, "invalid-grant", "The grant_type must be " + GRANT + ".", "");
    }
    return form.value("subject_token").orElse("");
  }
}
