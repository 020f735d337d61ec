package dev.onbehalf.server.receive.query;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.ScriptTokens;
import dev.onbehalf.server.people.ScriptTokens.Owner;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.receive.ClientFailures;
import dev.onbehalf.server.web.Buckets;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets programs ask queries: in the session of a person, or by a personal token (RFC 6750 section
 * 2.1), whose every use is recorded and of which each person has so many a second.
 */
final class Askers {
  static final int PER_SECOND = 5;

  private static final String BEARER = "Bearer ";
  private static final Set<String> NAMES_OF_SECRETS =
      Set.of("token", "access_token", "personal_token", "authorization");
  private static final long COUNTED = 10_000;

  private final Sessions sessions;
  private final ScriptTokens tokens;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final ClientFailures failures;
  private final LoadingCache<String, Bucket> buckets;

  Askers(Sessions sessions, ScriptTokens tokens, AuditTrail audit, InstantSource clock) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
    failures = new ClientFailures(clock);
    TimeMeter meter = Buckets.meter(clock);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(COUNTED)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build(identity -> Buckets.perSecond(PER_SECOND, meter));
  }

  /** Has a request answered, if whoever sent it may ask. */
  WebResponse admit(WebRequest request, Function<Person, WebResponse> answer) {
    if (carriesToken(Form.query(request))) {
      return QueryEndpoint.error(
          400,
          "A token belongs in the header 'Authorization: Bearer …' and never in an address, which"
              + " others can read; end this one and make another.",
          null);
    }
    List<String> authorization = request.headerValues("authorization");
    if (authorization.isEmpty()) {
      Optional<Session> session = sessions.find(request);
      return session.isPresent()
          ? answer.apply(session.get().person())
          : unauthorized("Sign in first, and send the cookie of the session or a personal token.");
    }
    String value = authorization.get(0);
    Optional<Owner> owner =
        authorization.size() == 1 && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
            ? tokens.owner(value.substring(BEARER.length()).strip())
            : Optional.empty();
    return owner.isPresent() ? byToken(request, owner.get(), answer) : refused(request);
  }

  private static boolean carriesToken(Form form) {
    return form.names().stream()
        .anyMatch(
            name ->
                NAMES_OF_SECRETS.contains(name)
                    || form.values(name).stream()
                        .anyMatch(value -> value.strip().startsWith(ScriptTokens.PREFIX)));
  }

  private WebResponse byToken(
      WebRequest request, Owner owner, Function<Person, WebResponse> answer) {
    ConsumptionProbe probe = buckets.get(owner.person().identity()).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      return busy(probe, "These are more than " + PER_SECOND + " queries a second; wait a moment.");
    }
    WebResponse answered = answer.apply(owner.person());
    boolean done = answered.status() == 200;
    record(
        request,
        done ? Outcome.ALLOWED : Outcome.FAILED,
        owner.person(),
        done ? null : "status-" + answered.status(),
        "By personal token '" + owner.tokenName() + "'.");
    return answered;
  }

  /** A token that counts is never refused for the failures of others at its address. */
  private WebResponse refused(WebRequest request) {
    ConsumptionProbe probe = failures.take(request.remoteAddress());
    if (!probe.isConsumed()) {
      return busy(probe, "Too many failures from this address; try again later.");
    }
    record(
        request,
        Outcome.REFUSED,
        null,
        "unauthenticated",
        "No live personal token was shown."
            + (probe.getRemainingTokens() == 0
                ? " Further failures of this address are not recorded for a while."
                : ""));
    return unauthorized(
        "This is no personal token that counts; make one on the page 'My scripts'.");
  }

  private static WebResponse unauthorized(String sentence) {
    return QueryEndpoint.error(401, sentence, null).with("WWW-Authenticate", "Bearer");
  }

  private static WebResponse busy(ConsumptionProbe probe, String sentence) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
    return QueryEndpoint.error(429, sentence, null).with("Retry-After", Long.toString(seconds));
  }

  private void record(
      WebRequest request,
      Outcome outcome,
      @Nullable Person person,
      @Nullable String problem,
      String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "query", outcome)
            .person(person == null ? null : person.name())
            .actedAs(person == null ? null : person.name())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(problem)
            .detail(detail)
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
