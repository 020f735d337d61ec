package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.PercentEncoding;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
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
import dev.onbehalf.server.web.page.CodePage;
import dev.onbehalf.server.web.page.DeniedPage;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a person whether a consumer may act as them ({@code docs/peer-facts.md} 1.3, RFC 5849
 * section 2.2). A decision counts only from the session the page was last shown in, and leads only
 * to the callback fixed when the token was asked for.
 */
final class ConsentEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConsentEndpoint.class);
  private static final String DECISION = "decision";
  private static final Set<String> FIELDS =
      Set.of(
          Session.CSRF_FIELD,
          OAuthParameters.TOKEN,
          DECISION,
          ConsentChoices.PERMISSIONS,
          ConsentChoices.LIFE);

  private final ConsumerCache consumers;
  private final JdbiRequestTokenStore tokens;
  private final TokenFactory factory;
  private final ConsentChoices choices;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;
  private final Recorder recorder;
  private final InstantSource clock;

  ConsentEndpoint(
      ConsumerCache consumers,
      JdbiRequestTokenStore tokens,
      TokenFactory factory,
      ConsentChoices choices,
      Sessions sessions,
      SignIn signIn,
      Pages pages,
      Recorder recorder,
      InstantSource clock) {
    this.consumers = consumers;
    this.tokens = tokens;
    this.factory = factory;
    this.choices = choices;
    this.sessions = sessions;
    this.signIn = signIn;
    this.pages = pages;
    this.recorder = recorder;
    this.clock = clock;
  }

  WebHandler handler() {
    return Methods.get(request -> guarded(request, this::show))
        .andPost(request -> guarded(request, this::decide));
  }

  /** A token that waits for a decision. */
  private record Waiting(String value, RequestToken token, Consumer consumer) {}

  private WebResponse guarded(WebRequest request, Function<WebRequest, WebResponse> step) {
    try {
      return step.apply(request);
    } catch (OAuthProblemException e) {
      recorder.record(
          recorder
              .event(request, "consent", AuditEvent.Outcome.REFUSED)
              .problem(e.problem().code())
              .detail(e.detail())
              .build());
      return Answers.page(pages, request, e);
    } catch (WebException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("Request {} to {} failed", request.id(), request.path(), e);
      boolean unavailable = Recorder.unavailable(e);
      return pages.error(
          request,
          unavailable ? 503 : 500,
          "That did not work",
          unavailable
              ? "The service cannot check this now."
              : "The service failed; its log says why.",
          "Try again in a moment.");
    }
  }

  private WebResponse show(WebRequest request) {
    Form query = Form.query(request);
    Waiting waiting = waiting(request, query.value(OAuthParameters.TOKEN));
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return signIn.challenge(request, request.pathAndQuery());
    }
    String callback = callback(waiting, query.value(OAuthParameters.CALLBACK).orElse(null));
    if (!tokens.shown(waiting.token().id(), session.get().id())) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_USED);
    }
    return pages.page(
        request,
        200,
        choices.page(
            waiting.consumer(), waiting.token(), waiting.value(), callback, request, session.get()),
        session.get().viewer(),
        callback == null ? null : CallbackUrl.origin(callback));
  }

  private WebResponse decide(WebRequest request) {
    Session session =
        sessions.require(
            request,
            "Nobody is signed in, so nothing was decided.",
            "Go back to the application and start again.");
    Form form = session.form(request);
    Waiting waiting = waiting(request, form.value(OAuthParameters.TOKEN));
    requireExactFields(form, waiting.token().legacy());
    String callback = callback(waiting, form.value(OAuthParameters.CALLBACK).orElse(null));
    return switch (form.value(DECISION).orElse("")) {
      case "allow" -> allow(request, session, waiting, form, callback);
      case "deny" -> deny(request, session, waiting, callback);
      default ->
          throw new WebException(
              400,
              "Nothing was decided",
              "The form came without Allow or Deny.",
              "Go back and press one of the two.");
    };
  }

  private WebResponse allow(
      WebRequest request, Session session, Waiting waiting, Form form, @Nullable String callback) {
    RequestToken token = waiting.token();
    Secret verifier = factory.verifier();
    Decision decision = choices.decision(form, waiting.consumer(), session.person());
    if (!tokens.approve(token.id(), session.id(), decision, verifier)) {
      throw notDecided(waiting);
    }
    record(request, session, waiting, "Allowed" + ConsentChoices.describe(decision) + ".", null);
    if (token.legacy()) {
      return callback == null
          ? pages.error(
              request,
              200,
              "Access allowed",
              "You allowed the access.",
              "Go back to the application to continue.")
          : found(callback, waiting.value(), null);
    }
    return callback == null
        ? pages.page(
            request,
            200,
            new CodePage(waiting.consumer().name(), verifier.reveal(), token.expires()),
            session.viewer())
        : found(callback, waiting.value(), verifier.reveal());
  }

  private WebResponse deny(
      WebRequest request, Session session, Waiting waiting, @Nullable String callback) {
    if (!tokens.deny(waiting.token().id(), session.id())) {
      throw notDecided(waiting);
    }
    record(request, session, waiting, "Denied.", OAuthProblem.PERMISSION_DENIED.code());
    return callback == null
        ? pages.page(request, 200, new DeniedPage(waiting.consumer().name()), session.viewer())
        : found(callback, waiting.value(), waiting.token().legacy() ? null : "denied");
  }

  private Waiting waiting(WebRequest request, Optional<String> given) {
    String value = given.orElse("");
    if (value.isEmpty()) {
      throw OAuthProblemException.absent(OAuthParameters.TOKEN);
    }
    RequestToken token =
        tokens
            .find(value)
            .filter(found -> found.application().equals(request.application()))
            .orElseThrow(() -> new OAuthProblemException(OAuthProblem.TOKEN_REJECTED));
    requireUndecided(token);
    LiveConsumer live = consumers.find(token.consumerKey());
    if (live == null) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    Consumer consumer = live.consumer();
    if (!consumer.enabled() || !consumer.threeLegged()) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED, "The consumer is not allowed three-legged access.");
    }
    if (token.legacy() && !consumer.legacyFlow()) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED, "The consumer is no longer allowed OAuth 1.0.");
    }
    return new Waiting(value, token, consumer);
  }

  private void requireUndecided(RequestToken token) {
    if (token.state() != RequestToken.State.UNDECIDED) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_USED);
    }
    if (token.expiredAt(clock.instant())) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_EXPIRED);
    }
  }

  /** Says why the store did not take a decision. */
  private RuntimeException notDecided(Waiting waiting) {
    RequestToken now =
        tokens
            .find(waiting.value())
            .orElseThrow(() -> new OAuthProblemException(OAuthProblem.TOKEN_REJECTED));
    requireUndecided(now);
    return new WebException(
        403,
        "That form is no longer valid",
        "The page was shown again in another session since, so nothing was decided.",
        "Go back to the application and start again.");
  }

  private static void requireExactFields(Form form, boolean legacy) {
    Set<String> unknown = new HashSet<>(form.names());
    unknown.removeAll(FIELDS);
    if (legacy) {
      unknown.remove(OAuthParameters.CALLBACK);
    }
    if (!unknown.isEmpty()) {
      throw WebException.badRequest(
          "The form has fields that this page does not have, so nothing was decided.");
    }
  }

  /**
   * Returns where the person goes afterwards: what was fixed with the token; for OAuth 1.0, which
   * fixes nothing, a registered place.
   *
   * @param sent what came with this request, of no matter to OAuth 1.0a
   * @return null for nowhere
   */
  private static @Nullable String callback(Waiting waiting, @Nullable String sent) {
    RequestToken token = waiting.token();
    if (!token.legacy()) {
      String fixed = token.callback();
      if (fixed != null && !waiting.consumer().allowsCallback(fixed)) {
        throw new OAuthProblemException(
            OAuthProblem.PERMISSION_DENIED, "The callback is no longer registered.");
      }
      return fixed;
    }
    if (sent != null) {
      if (!waiting.consumer().allowsCallback(sent)) {
        throw OAuthProblemException.rejected(
            OAuthParameters.CALLBACK, "The callback is not registered for the consumer.");
      }
      return sent;
    }
    return waiting.consumer().callbacks().size() == 1
        ? waiting.consumer().callbacks().get(0).text()
        : null;
  }

  private static WebResponse found(String callback, String token, @Nullable String verifier) {
    StringBuilder location = new StringBuilder(callback);
    location.append(callback.indexOf('?') < 0 ? '?' : '&');
    location.append(OAuthParameters.TOKEN).append('=').append(PercentEncoding.encode(token));
    if (verifier != null) {
      location
          .append('&')
          .append(OAuthParameters.VERIFIER)
          .append('=')
          .append(PercentEncoding.encode(verifier));
    }
    return WebResponse.empty(302).with("Location", location.toString());
  }

  private void record(
      WebRequest request,
      Session session,
      Waiting waiting,
      String detail,
      @Nullable String problem) {
    recorder.record(
        recorder
            .event(
                request,
                "consent",
                problem == null ? AuditEvent.Outcome.ALLOWED : AuditEvent.Outcome.REFUSED)
            .consumer(waiting.consumer().key())
            .person(session.person().name())
            .problem(problem)
            .detail(detail)
            .build());
  }
}
