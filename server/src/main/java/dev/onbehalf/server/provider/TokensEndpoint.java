package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.TokensPage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists what a person has granted and withdraws it ({@code docs/peer-facts.md} 1.6). */
final class TokensEndpoint {
  private static final String REVOKED = "revoked";

  private final ConsumerCache consumers;
  private final JdbiAccessTokenStore tokens;
  private final ChangeFeed feed;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final Recorder recorder;

  TokensEndpoint(
      ConsumerCache consumers,
      JdbiAccessTokenStore tokens,
      ChangeFeed feed,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      Recorder recorder) {
    this.consumers = consumers;
    this.tokens = tokens;
    this.feed = feed;
    this.sessions = sessions;
    this.signIn = signIn;
    this.pages = pages;
    this.recorder = recorder;
  }

  WebHandler handler() {
    return Methods.get(this::list).andPost(this::revoke);
  }

  private WebResponse list(WebRequest request) {
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return signIn.challenge(request, request.path());
    }
    Person person = session.get().person();
    List<TokensPage.Token> shown =
        tokens.ofPerson(person.name(), person.identity()).stream().map(this::shown).toList();
    String notice = Form.query(request).has(REVOKED) ? "It can no longer act as you." : null;
    return pages.page(
        request,
        200,
        new TokensPage(shown, notice, request.path(), session.get().csrfToken()),
        session.get().viewer());
  }

  private WebResponse revoke(WebRequest request) {
    Session session =
        sessions.require(
            request, "Nobody is signed in, so nothing was withdrawn.", "Open the page again.");
    String id =
        session
            .form(request)
            .value("id")
            .orElseThrow(() -> WebException.badRequest("The form does not say what to withdraw."));
    Optional<AccessToken> token = tokens.findById(id);
    if (token.isPresent() && !owns(session.person(), token.get())) {
      throw new WebException(
          401,
          "That is not yours",
          "This permission was given by somebody else, so nothing was withdrawn.",
          "Go back and try again.");
    }
    if (token.isPresent() && tokens.revoke(id)) {
      feed.poll();
      recorder.record(
          recorder
              .event(request, "token-revoke", AuditEvent.Outcome.ALLOWED)
              .consumer(token.get().consumerKey())
              .person(session.person().name())
              .detail("Token " + id + ".")
              .build());
    }
    return WebResponse.redirect(request.publicUrl().with(request.path()) + "?" + REVOKED);
  }

  private TokensPage.Token shown(AccessToken token) {
    LiveConsumer live = consumers.find(token.consumerKey());
    return new TokensPage.Token(
        token.id(),
        live == null ? token.consumerKey() : live.consumer().name(),
        abilities(token, live),
        token.granted(),
        token.lastUsed(),
        token.expires());
  }

  private static List<String> abilities(AccessToken token, @Nullable LiveConsumer live) {
    Permissions narrowed = token.permissions();
    if (narrowed != null) {
      return ConsentChoices.abilities(narrowed);
    }
    return live == null
        ? List.of()
        : ConsentChoices.abilities(live.consumer().limits().permissions());
  }

  private static boolean owns(Person person, AccessToken token) {
    return token.person().equals(person.name()) && token.personIdentity().equals(person.identity());
  }
}
