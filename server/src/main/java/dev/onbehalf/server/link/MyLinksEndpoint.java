package dev.onbehalf.server.link;

import dev.onbehalf.applinks.LoginDance;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.MyLinksPage;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Shows a person where they can act, lets them allow it, and forgets their tokens. */
final class MyLinksEndpoint {
  static final String PATH = Routes.OWN_PREFIX + "/links";
  private static final String FORGOTTEN = "forgotten";

  private final Links links;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final AuditTrail audit;
  private final InstantSource clock;

  MyLinksEndpoint(
      Links links,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      AuditTrail audit,
      InstantSource clock) {
    this.links = links;
    this.sessions = sessions;
    this.signIn = signIn;
    this.pages = pages;
    this.audit = audit;
    this.clock = clock;
  }

  WebResponse list(WebRequest request) {
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return signIn.challenge(request, request.path());
    }
    String returnTo = request.publicUrl().with(PATH);
    List<MyLinksPage.Entry> entries =
        links.all().stream()
            .filter(link -> link.levels().threeLegged())
            .map(
                link ->
                    new MyLinksPage.Entry(
                        link.id().toString(),
                        link.name(),
                        link.displayUrl().toString(),
                        dance(link, session.get()).isAuthorised(),
                        Links.authorizePath(link, returnTo)))
            .toList();
    String notice =
        Form.query(request).has(FORGOTTEN)
            ? "Forgotten here. Withdraw it in the application too, on its page of authorised"
                + " applications."
            : null;
    return pages.page(
        request,
        200,
        new MyLinksPage(entries, notice, PATH, session.get().csrfToken()),
        session.get().viewer());
  }

  WebResponse forget(WebRequest request) {
    Session session =
        sessions.require(
            request, "Nobody is signed in, so nothing was forgotten.", "Open the page again.");
    Optional<Link> link = session.form(request).value("id").flatMap(links::find);
    link.ifPresent(
        found -> {
          dance(found, session).forget();
          audit.record(
              AuditEvent.builder(
                      clock.instant(), request.id(), "link-forget", AuditEvent.Outcome.ALLOWED)
                  .consumer(found.consumerKey())
                  .person(session.person().name())
                  .application(request.application())
                  .detail("Link '" + found.name() + "' (" + found.id() + ").")
                  .remoteAddress(request.remoteAddress())
                  .build());
        });
    return WebResponse.redirect(request.publicUrl().with(PATH) + "?" + FORGOTTEN);
  }

  private LoginDance dance(Link link, Session session) {
    return links.applicationLink(link).actingAs(session.person().name()).loginDance();
  }
}
