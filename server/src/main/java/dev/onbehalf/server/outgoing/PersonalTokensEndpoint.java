package dev.onbehalf.server.outgoing;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.outgoing.PersonalTokens.PersonalToken;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.PersonalTokensPage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets people make and end their own tokens. To make one takes the password once more: a script in
 * a page of the application, which is on the same origin, can use a session but does not know it.
 */
final class PersonalTokensEndpoint {
  static final int MOST_TOKENS = 50;
  private static final List<Integer> DAYS = List.of(30, 7, 90, 366);
  private static final String ENDED = "ended";

  private final PersonalTokens tokens;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final AuditTrail audit;
  private final InstantSource clock;

  PersonalTokensEndpoint(
      PersonalTokens tokens,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      AuditTrail audit,
      InstantSource clock) {
    this.tokens = tokens;
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
    String notice = Form.query(request).has(ENDED) ? "Ended. It counts no more." : null;
    return page(request, session.get(), 200, null, notice, null, "");
  }

  WebResponse change(WebRequest request) {
    Session session =
        sessions.require(
            request, "Nobody is signed in, so nothing was changed.", "Open the page again.");
    Form form = session.form(request);
    Optional<String> id = form.value("id");
    return id.isPresent() ? end(request, session, id.get()) : make(request, session, form);
  }

  private WebResponse end(WebRequest request, Session session, String id) {
    tokens.of(session.person()).stream()
        .filter(token -> token.id().equals(id))
        .findFirst()
        .flatMap(token -> tokens.revoke(token.id()))
        .ifPresent(token -> record(request, session, "personal-token-revoke", token));
    return WebResponse.redirect(request.publicUrl().with(Outgoing.PERSONAL_TOKENS) + "?" + ENDED);
  }

  private WebResponse make(WebRequest request, Session session, Form form) {
    String name = form.value("name").orElse("");
    if (tokens.of(session.person()).size() >= MOST_TOKENS) {
      return refused(
          request, session, name, "You have " + MOST_TOKENS + " tokens already; end one first.");
    }
    Secret password = Secret.of(form.value("password").orElse(""));
    Optional<String> wrong = signIn.confirm(request, session.person(), password);
    if (wrong.isPresent()) {
      return refused(request, session, name, wrong.get());
    }
    PersonalTokens.Made made;
    try {
      made = tokens.make(session.person().name(), name, life(form));
    } catch (IllegalArgumentException e) {
      return refused(request, session, name, String.valueOf(e.getMessage()));
    }
    record(request, session, "personal-token-add", made.token());
    return page(request, session, 200, made.value().reveal(), null, null, "");
  }

  private static Duration life(Form form) {
    String days = form.value("days").orElse("");
    return DAYS.stream()
        .filter(choice -> days.equals(choice.toString()))
        .findFirst()
        .map(Duration::ofDays)
        .orElseThrow(() -> new IllegalArgumentException("Choose how long the token lives."));
  }

  private WebResponse refused(WebRequest request, Session session, String name, String sentence) {
    return page(request, session, 403, null, null, sentence, name.length() > 100 ? "" : name);
  }

  private WebResponse page(
      WebRequest request,
      Session session,
      int status,
      @Nullable String made,
      @Nullable String notice,
      @Nullable String problem,
      String name) {
    List<PersonalTokensPage.Entry> entries =
        tokens.of(session.person()).stream()
            .map(
                token ->
                    new PersonalTokensPage.Entry(
                        token.id(), token.name(), token.created(), token.expires()))
            .toList();
    return pages.page(
        request,
        status,
        new PersonalTokensPage(
            entries,
            made,
            notice,
            problem,
            name,
            DAYS,
            Outgoing.PERSONAL_TOKENS,
            session.csrfToken()),
        session.viewer());
  }

  private void record(WebRequest request, Session session, String action, PersonalToken token) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), action, Outcome.ALLOWED)
            .person(session.person().name())
            .actedAs(session.person().name())
            .application(request.application())
            .detail("The personal token '" + token.name() + "', " + token.id() + ".")
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
