package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.BodyHash;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.PercentEncoding;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.provider.SignedMessages.Sent;
import dev.onbehalf.server.provider.TokenFactory.IssuedAccessToken;
import dev.onbehalf.server.provider.TokenFactory.IssuedRequestToken;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The token endpoints ({@code docs/peer-facts.md} 1.2 and 1.4, RFC 5849 sections 2.1 and 2.3): the
 * signature is checked before the state of any token is told.
 */
final class TokenEndpoints {
  private static final String OUT_OF_BAND = "oob";

  private final SignedMessages messages;
  private final TokenFactory factory;
  private final JdbiRequestTokenStore requestTokens;
  private final JdbiAccessTokenStore accessTokens;
  private final ChangeFeed feed;
  private final Directory directory;
  private final Recorder recorder;
  private final InstantSource clock;

  TokenEndpoints(
      SignedMessages messages,
      TokenFactory factory,
      JdbiRequestTokenStore requestTokens,
      JdbiAccessTokenStore accessTokens,
      ChangeFeed feed,
      Directory directory,
      Recorder recorder,
      InstantSource clock) {
    this.messages = messages;
    this.factory = factory;
    this.requestTokens = requestTokens;
    this.accessTokens = accessTokens;
    this.feed = feed;
    this.directory = directory;
    this.recorder = recorder;
    this.clock = clock;
  }

  WebHandler requestToken() {
    return Methods.post(request -> answer(request, "request-token", this::requestToken));
  }

  WebHandler accessToken() {
    return Methods.post(request -> answer(request, "access-token", this::accessToken));
  }

  /** Answers one signed request; fills in what the audit trail shall say. */
  @FunctionalInterface
  private interface Step {
    Map<String, String> answer(
        WebRequest request, String application, Sent sent, AuditEvent.Builder event);
  }

  private WebResponse answer(WebRequest request, String action, Step step) {
    return recorder.guarded(
        request,
        action,
        event -> {
          String application = request.application();
          if (application == null) {
            return WebResponse.empty(404);
          }
          OAuthMessage message =
              OAuthMessage.parse(
                  request.headerValues("authorization"),
                  request.rawQuery(),
                  request.hasForm() ? request.body() : null);
          Sent sent = new Sent(message, request.method(), request.urls());
          return WebResponse.of(
              200, "text/plain", form(step.answer(request, application, sent, event)));
        });
  }

  private Map<String, String> requestToken(
      WebRequest request, String application, Sent sent, AuditEvent.Builder event) {
    LiveConsumer live = messages.consumer(sent);
    Consumer consumer = live.consumer();
    event.consumer(consumer.key());
    messages.verify(sent, live, Secret.of(""));
    BodyHash.check(
        sent.message(), consumer.signatureMethod(), request.hasForm() ? null : request.body());
    requireThreeLegged(consumer, application);
    String callback = sent.message().callback();
    boolean legacy = callback == null;
    if (callback == null && !consumer.legacyFlow()) {
      throw OAuthProblemException.absent(OAuthParameters.CALLBACK);
    }
    String stored = callback == null || callback.equals(OUT_OF_BAND) ? null : callback;
    if (stored != null) {
      requireRegistered(consumer, stored);
    }
    IssuedRequestToken issued = factory.requestToken(consumer, application, stored, legacy);
    requestTokens.add(issued);
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put(OAuthParameters.TOKEN, issued.value().reveal());
    answer.put(OAuthParameters.TOKEN_SECRET, issued.token().secret().reveal());
    if (!legacy) {
      answer.put(OAuthParameters.CALLBACK_CONFIRMED, "true");
    }
    return answer;
  }

  private Map<String, String> accessToken(
      WebRequest request, String application, Sent sent, AuditEvent.Builder event) {
    LiveConsumer live = messages.consumer(sent);
    Consumer consumer = live.consumer();
    event.consumer(consumer.key());
    String value = sent.message().token();
    if (value == null || value.isEmpty()) {
      throw OAuthProblemException.absent(OAuthParameters.TOKEN);
    }
    Presented presented = find(value, consumer, application);
    if (presented == null && !consumer.signatureMethod().isRsa()) {
      messages.verifyInVain(sent);
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    messages.verify(sent, live, presented == null ? Secret.of("") : presented.secret());
    BodyHash.check(
        sent.message(), consumer.signatureMethod(), request.hasForm() ? null : request.body());
    if (presented == null) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    requireThreeLegged(consumer, application);
    IssuedAccessToken issued =
        presented.renewable()
            ? renew(value, sent.message(), consumer, application)
            : exchange(value, sent.message(), consumer, application);
    event.person(issued.token().person()).detail("Token " + issued.token().id() + ".");
    return answer(issued);
  }

  /** A token of this consumer and application, of either kind. */
  private record Presented(Secret secret, boolean renewable) {}

  private @Nullable Presented find(String value, Consumer consumer, String application) {
    RequestToken request = requestTokens.find(value).orElse(null);
    if (request != null) {
      return request.consumerKey().equals(consumer.key())
              && request.application().equals(application)
          ? new Presented(request.secret(), false)
          : null;
    }
    JdbiAccessTokenStore.Live access =
        accessTokens.find(accessTokens.fingerprint(value)).orElse(null);
    return access != null
            && access.token().consumerKey().equals(consumer.key())
            && access.token().application().equals(application)
        ? new Presented(access.secret(), true)
        : null;
  }

  private IssuedAccessToken exchange(
      String value, OAuthMessage message, Consumer consumer, String application) {
    JdbiRequestTokenStore.Exchange exchange =
        requestTokens.exchange(
            value,
            consumer.key(),
            application,
            message.verifier(),
            token -> grantedIfAlive(token, consumer));
    return issuedOrRefused(exchange.issued(), exchange.problem(), OAuthParameters.VERIFIER);
  }

  private IssuedAccessToken renew(
      String value, OAuthMessage message, Consumer consumer, String application) {
    String handle = message.sessionHandle();
    if (handle == null) {
      throw OAuthProblemException.absent(OAuthParameters.SESSION_HANDLE);
    }
    JdbiAccessTokenStore.Renewal renewal =
        accessTokens.renew(
            value,
            handle,
            consumer.key(),
            application,
            factory.idleLimit(consumer),
            this::renewedIfAlive);
    feed.poll();
    return issuedOrRefused(renewal.issued(), renewal.problem(), OAuthParameters.SESSION_HANDLE);
  }

  private IssuedAccessToken grantedIfAlive(RequestToken token, Consumer consumer) {
    if (token.legacy() && !consumer.legacyFlow()) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED, "The consumer is no longer allowed OAuth 1.0.");
    }
    IssuedAccessToken issued = factory.accessToken(token, consumer);
    requireAlive(issued.token());
    return issued;
  }

  private IssuedAccessToken renewedIfAlive(AccessToken token) {
    requireAlive(token);
    return factory.renewed(token);
  }

  private void requireAlive(AccessToken token) {
    Person person = directory.find(token.person()).orElse(null);
    if (person == null || !person.identity().equals(token.personIdentity()) || !person.active()) {
      throw new OAuthProblemException(
          OAuthProblem.TOKEN_REJECTED, "The person who granted the token is gone.");
    }
  }

  private static IssuedAccessToken issuedOrRefused(
      @Nullable IssuedAccessToken issued, @Nullable OAuthProblem problem, String absent) {
    if (issued != null) {
      return issued;
    }
    if (problem == OAuthProblem.PARAMETER_ABSENT) {
      throw OAuthProblemException.absent(absent);
    }
    throw new OAuthProblemException(
        Objects.requireNonNullElse(problem, OAuthProblem.TOKEN_REJECTED));
  }

  private static void requireThreeLegged(Consumer consumer, String application) {
    if (!consumer.threeLegged()) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED, "The consumer is not allowed three-legged access.");
    }
    requireReach(consumer, application);
  }

  static void requireReach(Consumer consumer, String application) {
    if (!consumer.reaches(application)) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED,
          "The consumer is not allowed to reach the application " + application + ".");
    }
  }

  private static void requireRegistered(Consumer consumer, String callback) {
    try {
      CallbackUrl.requireWellFormed(callback);
    } catch (IllegalArgumentException e) {
      throw OAuthProblemException.rejected(OAuthParameters.CALLBACK, String.valueOf(e.getMessage()))
          .withAdvice("oauth_callback must be an absolute http or https URL: " + callback);
    }
    if (!consumer.allowsCallback(callback)) {
      throw OAuthProblemException.rejected(
              OAuthParameters.CALLBACK,
              "The callback "
                  + callback
                  + " is none of those registered for the consumer; register it there.")
          .withAdvice("This oauth_callback is not registered for the consumer.");
    }
  }

  private Map<String, String> answer(IssuedAccessToken issued) {
    Instant now = clock.instant();
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put(OAuthParameters.TOKEN, issued.value().reveal());
    answer.put(OAuthParameters.TOKEN_SECRET, issued.secret().reveal());
    answer.put(OAuthParameters.EXPIRES_IN, seconds(now, issued.token().expires()));
    answer.put(OAuthParameters.SESSION_HANDLE, issued.handle().reveal());
    answer.put(
        OAuthParameters.AUTHORIZATION_EXPIRES_IN, seconds(now, issued.token().sessionExpires()));
    return answer;
  }

  /** In seconds, rounded: the clock moves on while an answer is made. */
  private static String seconds(Instant now, Instant end) {
    return Long.toString((Duration.between(now, end).toMillis() + 500) / 1000);
  }

  private static String form(Map<String, String> parameters) {
    StringBuilder form = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            form.append(form.isEmpty() ? "" : "&")
                .append(PercentEncoding.encode(name))
                .append('=')
                .append(PercentEncoding.encode(value)));
    return form.toString();
  }
}
