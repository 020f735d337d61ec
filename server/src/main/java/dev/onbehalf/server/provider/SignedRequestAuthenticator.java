package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.ProblemResponse;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.provider.SignedMessages.Sent;
import dev.onbehalf.server.web.WebResponse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who a signed request is ({@code docs/peer-facts.md} 1.8 and 1.10): three-legged by an access
 * token, two-legged with an empty one, as the consumer's own user or one it names.
 */
final class SignedRequestAuthenticator implements RequestAuthenticator {
  private static final Logger LOG = LoggerFactory.getLogger(SignedRequestAuthenticator.class);

  private final SignedMessages messages;
  private final AccessTokenCache tokens;
  private final TokenFactory factory;
  private final Directory directory;
  private final UsageLog usage;
  private final InstantSource clock;
  private final Map<String, String> realms;
  private final Predicate<Person> isProtected;
  private final Refusals refusals;

  /**
   * @param realms base URL of each application, by its name
   * @param isProtected who may be impersonated only where the consumer says so
   */
  SignedRequestAuthenticator(
      SignedMessages messages,
      AccessTokenCache tokens,
      TokenFactory factory,
      Directory directory,
      UsageLog usage,
      InstantSource clock,
      Map<String, String> realms,
      Predicate<Person> isProtected,
      Refusals refusals) {
    this.messages = messages;
    this.tokens = tokens;
    this.factory = factory;
    this.directory = directory;
    this.usage = usage;
    this.clock = clock;
    this.realms = Map.copyOf(realms);
    this.isProtected = isProtected;
    this.refusals = refusals;
  }

  /** Parameters in a form alone do not make a request signed: forms of browsers stream through. */
  @Override
  public boolean mayBeSigned(
      List<String> authorization, @Nullable String rawQuery, boolean formBody) {
    return OAuthMessage.mayBeSigned(authorization, rawQuery, false);
  }

  @Override
  public Verdict authenticate(SignedRequest request, Predicate<String> admits) {
    return Objects.requireNonNull(authenticate(request, admits, false));
  }

  @Override
  public @Nullable Verdict authenticateAtOnce(SignedRequest request, Predicate<String> admits) {
    return messages.inMemory() ? authenticate(request, admits, true) : null;
  }

  private @Nullable Verdict authenticate(
      SignedRequest request, Predicate<String> admits, boolean atOnce) {
    if (!mayBeSigned(request.authorization(), request.rawQuery(), false)) {
      return new Verdict.Unsigned();
    }
    Attempt attempt = new Attempt(admits);
    try {
      OAuthMessage message =
          OAuthMessage.parse(request.authorization(), request.rawQuery(), request.form());
      if (!signed(message)) {
        LOG.debug("Request {} lacks OAuth parameters and passes as unsigned.", request.id());
        return new Verdict.Unsigned();
      }
      attempt.message = message;
      if (atOnce && !inMemory(message, attempt)) {
        return null;
      }
      return decide(request, new Sent(message, request.method(), request.urls()), attempt);
    } catch (SignedMessages.NotAdmittedException e) {
      return new Verdict.NotAdmitted(Objects.requireNonNull(attempt.consumerKey));
    } catch (OAuthProblemException e) {
      if (attempt.message == null && !claimsSignature(request)) {
        return new Verdict.Unsigned();
      }
      refusals.refused(request, e, attempt.message);
      return attempt.refused(Answers.problem(e, realm(request)), e.problem().code(), e.detail());
    } catch (RuntimeException e) {
      LOG.error("Request {} could not be checked", request.id(), e);
      return Recorder.unavailable(e)
          ? attempt.refused(
              Answers.unavailable(), "unavailable", "The store or the directory did not answer.")
          : attempt.refused(Answers.failed(), "failure", "The check failed; the log says why.");
    }
  }

  @Override
  public boolean stands(Caller caller, String application) {
    LiveConsumer live = messages.known(caller.consumerKey());
    if (live == null || !live.consumer().enabled() || !live.has(caller.credentialId())) {
      return false;
    }
    Consumer consumer = live.consumer();
    Person then = caller.person();
    Person now = directory.find(then.name()).orElse(null);
    if (now == null || !now.active() || !now.identity().equals(then.identity())) {
      return false;
    }
    try {
      TokenEndpoints.requireReach(consumer, application);
    } catch (OAuthProblemException e) {
      return false;
    }
    return switch (caller.mode()) {
      case THREE_LEGGED -> consumer.threeLegged() && tokenStands(caller.tokenId());
      case TWO_LEGGED -> consumer.twoLegged() && then.name().equals(consumer.executeAs());
      case IMPERSONATED ->
          consumer.impersonation() && consumer.limits().impersonation().allow(now, isProtected);
    };
  }

  /** The idle limit is left out: what runs through an open tunnel is use. */
  private boolean tokenStands(@Nullable String tokenId) {
    AccessToken token = tokenId == null ? null : tokens.findById(tokenId);
    return token != null && !token.expiredAt(clock.instant());
  }

  /** What is known so far, for the verdict on a refusal. */
  private static final class Attempt {
    private final Predicate<String> admits;
    private @Nullable OAuthMessage message;
    private @Nullable String consumerKey;
    private @Nullable String person;
    private @Nullable ByteBuffer tokenKey;

    Attempt(Predicate<String> admits) {
      this.admits = admits;
    }

    Verdict refused(WebResponse response, String problem, @Nullable String detail) {
      return new Verdict.Refused(response, consumerKey, person, problem, detail);
    }
  }

  private Verdict decide(SignedRequest request, Sent sent, Attempt attempt) {
    LiveConsumer live = messages.consumer(sent);
    attempt.consumerKey = live.consumer().key();
    String token = sent.message().token();
    return token == null || token.isEmpty()
        ? twoLegged(request, sent, live, attempt)
        : threeLegged(request, sent, live, token, attempt);
  }

  /** Whether the token is known here and need not be looked up for its last use. */
  private boolean inMemory(OAuthMessage message, Attempt attempt) {
    String value = message.token();
    if (value == null || value.isEmpty()) {
      return true;
    }
    JdbiAccessTokenStore.Live known = tokens.known(key(value, attempt));
    LiveConsumer live = known == null ? null : messages.known(known.token().consumerKey());
    return known != null && live != null && !idle(known.token(), live.consumer(), clock.instant());
  }

  /** Returns the key of a request's token, which is computed once. */
  private ByteBuffer key(String value, Attempt attempt) {
    ByteBuffer known = attempt.tokenKey;
    ByteBuffer key = known == null ? tokens.key(value) : known;
    attempt.tokenKey = key;
    return key;
  }

  private Verdict threeLegged(
      SignedRequest request, Sent sent, LiveConsumer live, String value, Attempt attempt) {
    Consumer consumer = live.consumer();
    boolean rsa = consumer.signatureMethod().isRsa();
    ByteBuffer key = key(value, attempt);
    JdbiAccessTokenStore.Live found = rsa ? null : own(tokens.find(key), consumer, request);
    if (!rsa && found == null) {
      messages.verifyInVain(sent);
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    Secret tokenSecret = found == null ? Secret.of("") : found.secret();
    String credential = messages.verify(sent, live, tokenSecret, attempt.admits);
    JdbiAccessTokenStore.Live token = rsa ? own(tokens.find(key), consumer, request) : found;
    if (token == null) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_REJECTED);
    }
    attempt.person = token.token().person();
    requireAlive(key, token.token(), consumer);
    if (!consumer.threeLegged()) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED, "The consumer is not allowed three-legged access.");
    }
    TokenEndpoints.requireReach(consumer, request.application());
    Person person = directory.find(token.token().person()).orElse(null);
    if (person == null || !person.identity().equals(token.token().personIdentity())) {
      throw new OAuthProblemException(
          OAuthProblem.TOKEN_REJECTED, "The person who granted the token is gone.");
    }
    if (!person.active()) {
      return levelOff(request, sent, attempt, "The person may not sign in.");
    }
    usage.tokenUsed(token.token().id(), clock.instant());
    return new Verdict.Accepted(
        new Caller(
            person, consumer.key(), Caller.Mode.THREE_LEGGED, token.token().id(), credential));
  }

  private Verdict twoLegged(SignedRequest request, Sent sent, LiveConsumer live, Attempt attempt) {
    Consumer consumer = live.consumer();
    String credential = messages.verify(sent, live, Secret.of(""), attempt.admits);
    TokenEndpoints.requireReach(consumer, request.application());
    String requestor = requestor(sent.message());
    if (requestor != null && !consumer.impersonation()) {
      return levelOff(request, sent, attempt, "The consumer is not allowed to impersonate.");
    }
    if (requestor == null && !consumer.twoLegged()) {
      return levelOff(request, sent, attempt, "The consumer is not allowed two-legged access.");
    }
    String name = requestor == null ? consumer.executeAs() : requestor;
    Person person = name == null ? null : directory.find(name).orElse(null);
    if (person == null) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED,
          requestor == null
              ? "The user the consumer runs as is not in the directory."
              : "The person named as requestor is not in the directory.");
    }
    attempt.person = person.name();
    if (requestor != null && !consumer.limits().impersonation().allow(person, isProtected)) {
      throw new OAuthProblemException(
          OAuthProblem.PERMISSION_DENIED,
          "The consumer may not impersonate this person; its record lists whom it may.");
    }
    if (!person.active()) {
      return levelOff(request, sent, attempt, "The person may not sign in.");
    }
    return new Verdict.Accepted(
        new Caller(
            person,
            consumer.key(),
            requestor == null ? Caller.Mode.TWO_LEGGED : Caller.Mode.IMPERSONATED,
            null,
            credential));
  }

  /** Returns the person a two-legged request names in its query or form; null for none. */
  private static @Nullable String requestor(OAuthMessage message) {
    String name = OAuthParameters.REQUESTOR_ID;
    if (!message.has(name)) {
      name = OAuthParameters.USER_ID;
      if (!message.has(name)) {
        return null;
      }
    }
    String named = name;
    String value = message.parameter(named);
    boolean inHeader =
        message.parameters().stream()
            .anyMatch(
                parameter ->
                    parameter.name().equals(named)
                        && parameter.source() == OAuthMessage.Source.HEADER);
    if (value == null || value.isEmpty()) {
      throw OAuthProblemException.rejected(named, "The requestor is empty.");
    }
    if (inHeader) {
      throw OAuthProblemException.rejected(
          named, "The requestor belongs into the query or the form, not into the header.");
    }
    return value;
  }

  private static JdbiAccessTokenStore.@Nullable Live own(
      JdbiAccessTokenStore.@Nullable Live found, Consumer consumer, SignedRequest request) {
    return found != null
            && found.token().consumerKey().equals(consumer.key())
            && found.token().application().equals(request.application())
        ? found
        : null;
  }

  private void requireAlive(ByteBuffer key, AccessToken token, Consumer consumer) {
    Instant now = clock.instant();
    if (token.expiredAt(now)) {
      throw new OAuthProblemException(OAuthProblem.TOKEN_EXPIRED);
    }
    if (!idle(token, consumer, now)) {
      return;
    }
    usage.flush();
    JdbiAccessTokenStore.Live anew = tokens.findAnew(key);
    if (anew == null || idle(anew.token(), consumer, now)) {
      throw new OAuthProblemException(
          OAuthProblem.TOKEN_EXPIRED, "The token was not used for too long.");
    }
  }

  private boolean idle(AccessToken token, Consumer consumer, Instant now) {
    return !now.isBefore(token.lastTouched().plus(factory.idleLimit(consumer)));
  }

  private Verdict levelOff(SignedRequest request, Sent sent, Attempt attempt, String detail) {
    return attempt.refused(
        Answers.web(ProblemResponse.levelOff(sent.message(), realm(request))), "level_off", detail);
  }

  private String realm(SignedRequest request) {
    return realms.getOrDefault(request.application(), request.application());
  }

  private static boolean signed(OAuthMessage message) {
    return message.consumerKey() != null
        && message.token() != null
        && message.signatureMethod() != null
        && message.signature() != null
        && message.has(OAuthParameters.TIMESTAMP)
        && message.nonce() != null;
  }

  /** Whether an unreadable request at least names a signature, unlike other uses of the scheme. */
  private static boolean claimsSignature(SignedRequest request) {
    return OAuthMessage.mayBeSigned(List.of(), request.rawQuery(), false)
        || request.authorization().stream()
            .anyMatch(
                header ->
                    header.toLowerCase(Locale.ROOT).contains(OAuthParameters.SIGNATURE + "="));
  }
}
