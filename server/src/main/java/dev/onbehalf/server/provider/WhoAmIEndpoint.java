package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;

/** Answers the name of who asks, by signature or by session; nothing to strangers. */
final class WhoAmIEndpoint implements WebHandler {
  private final RequestAuthenticator authenticator;
  private final Sessions sessions;
  private final Recorder recorder;

  WhoAmIEndpoint(RequestAuthenticator authenticator, Sessions sessions, Recorder recorder) {
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.recorder = recorder;
  }

  @Override
  public WebResponse handle(WebRequest request) {
    String application = request.application();
    if (application == null) {
      return WebResponse.empty(404);
    }
    Verdict verdict = authenticator.authenticate(SignedRequest.of(request, application));
    if (verdict instanceof Verdict.Refused refused) {
      recorder.record(
          recorder
              .event(request, "request", AuditEvent.Outcome.REFUSED)
              .consumer(refused.consumerKey())
              .person(refused.person())
              .problem(refused.problem())
              .detail(refused.detail())
              .build());
      return refused.response();
    }
    String name =
        verdict instanceof Verdict.Accepted accepted
            ? accepted.caller().person().name()
            : sessions.find(request).map(session -> session.person().name()).orElse("");
    return WebResponse.of(200, "text/plain;charset=UTF-8", name);
  }
}
