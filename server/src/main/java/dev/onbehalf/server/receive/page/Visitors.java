package dev.onbehalf.server.receive.page;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.ErrorPage;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Lets to a page whoever may see it: the signed-in, or among them the administrators. */
final class Visitors {
  private final Set<String> administrators;
  private final Set<String> administratorGroups;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final AuditTrail audit;
  private final InstantSource clock;

  Visitors(ReceivingPages.Parts parts) {
    this.administrators = Set.copyOf(parts.config().administrators());
    this.administratorGroups = Set.copyOf(parts.config().administratorGroups());
    this.sessions = parts.sessions();
    this.signIn = parts.signIn();
    this.pages = parts.pages();
    this.audit = parts.audit();
    this.clock = parts.clock();
  }

  /** What answers a person who may see it. */
  @FunctionalInterface
  interface Room {
    WebResponse answer(WebRequest request, Session session);
  }

  /** What answers a person at an address below a path. */
  @FunctionalInterface
  interface Below {
    /**
     * Answers.
     *
     * @param name the rest of the raw path
     */
    WebResponse answer(WebRequest request, Session session, String name);
  }

  /** Adds what answers the signed-in at every address below a path. */
  void addBelow(Routes routes, String path, Below room) {
    String prefix = path + "/";
    routes.addFamily(
        prefix,
        rawPath ->
            Optional.of(
                Methods.get(
                    signedIn(
                        (request, session) ->
                            room.answer(request, session, rawPath.substring(prefix.length()))))));
  }

  /** Returns what asks strangers to sign in first. */
  WebHandler signedIn(Room room) {
    return request -> {
      Optional<Session> session = sessions.find(request);
      return session.isPresent()
          ? room.answer(request, session.get())
          : signIn.challenge(request, request.pathAndQuery());
    };
  }

  /** Returns what turns everybody away but administrators. */
  WebHandler administrators(Room room) {
    return signedIn(
        (request, session) ->
            administrates(session.person())
                ? room.answer(request, session)
                : refused(request, session));
  }

  /** Returns what changes something, for administrators alone. */
  WebHandler administratorsPost(Room room) {
    return request -> {
      Session session =
          sessions.require(
              request, "Nobody is signed in, so nothing was changed.", "Open the page again.");
      return administrates(session.person())
          ? room.answer(request, session)
          : refused(request, session);
    };
  }

  /** Shows a page within the session. */
  WebResponse show(
      WebRequest request, int status, dev.onbehalf.server.web.Page page, Session session) {
    return pages.page(request, status, page, session.viewer());
  }

  WebResponse notFound(WebRequest request, Session session, String sentence, String remedy) {
    return show(request, 404, new ErrorPage("Not found", sentence, remedy, request.id()), session);
  }

  private boolean administrates(Person person) {
    return administrators.contains(person.name())
        || !Collections.disjoint(administratorGroups, person.groups());
  }

  private WebResponse refused(WebRequest request, Session session) {
    Person person = session.person();
    if (request.method().equals("POST")) {
      audit.record(
          AuditEvent.builder(
                  clock.instant(),
                  request.id(),
                  "credential-administration",
                  AuditEvent.Outcome.REFUSED)
              .application(request.application())
              .request(request.method(), request.path())
              .remoteAddress(request.remoteAddress())
              .person(person.name())
              .problem("not_administrator")
              .build());
    }
    return show(
        request,
        403,
        new ErrorPage(
            "For administrators",
            "Only administrators of builds and deployments may see this page; you are signed in as "
                + person.name()
                + ".",
            "Whoever runs this server names them in the options receive.administrators and"
                + " receive.administrator-groups.",
            request.id()),
        session);
  }
}
