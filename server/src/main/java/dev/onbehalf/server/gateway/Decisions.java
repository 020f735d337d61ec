package dev.onbehalf.server.gateway;

import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a request is and whether it may go on: first its signature, then the browser's session, then
 * nobody. What takes a look into the database runs on a bounded pool, never on an I/O thread.
 */
final class Decisions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
  private static final int SMALL_FORM_BYTES = 16 * 1024;
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)(basic|bearer) +[A-Za-z0-9+/._~-]+=*");
  private static final String FORM = "application/x-www-form-urlencoded";

  private final RequestAuthenticator authenticator;
  private final AccessPolicy policy;
  private final Sessions sessions;
  private final SignIn signIn;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Exchange.Stages stages;
  private final RateLimits limits;
  private final int formBytes;
  private final FormBody.Memory formMemory =
      new FormBody.Memory(Runtime.getRuntime().maxMemory() / 8);
  private final Workers workers = new Workers();

  Decisions(
      RequestAuthenticator authenticator,
      AccessPolicy policy,
      Sessions sessions,
      SignIn signIn,
      AuditTrail audit,
      InstantSource clock,
      Exchange.Stages stages,
      RateLimits limits,
      int formBytes) {
    this.authenticator = authenticator;
    this.policy = policy;
    this.sessions = sessions;
    this.signIn = signIn;
    this.audit = audit;
    this.clock = clock;
    this.stages = stages;
    this.limits = limits;
    this.formBytes = formBytes;
  }

  /** Decides on a request that is not for us; called on an I/O thread. */
  void decide(Arrived arrived) {
    Request request = arrived.request();
    HttpFields headers = request.getHeaders();
    List<String> authorization = authorization(headers);
    boolean form = isForm(request);
    boolean signable =
        authenticator.mayBeSigned(
            authorization, arrived.rawQuery(), form && request.getLength() <= formBytes);
    if (!signable) {
      unsigned(arrived, Payload.of(request), false);
    } else if (!limits.admitsCheck(arrived)) {
      return;
    } else if (form && request.getLength() <= formBytes) {
      FormBody.read(request, formBytes, formMemory, result -> formRead(arrived, result));
    } else if (form) {
      tooLarge(arrived);
    } else {
      signed(arrived, Payload.of(request), null);
    }
  }

  private void formRead(Arrived arrived, FormBody.Result result) {
    if (result instanceof FormBody.Result.Whole whole) {
      signed(arrived, Payload.whole(whole.bytes()), whole.bytes());
    } else if (result instanceof FormBody.Result.TooLarge large) {
      boolean signed =
          authenticator.mayBeSigned(
              authorization(arrived.request().getHeaders()), arrived.rawQuery(), false);
      if (signed) {
        tooLarge(arrived);
      } else {
        unsigned(arrived, Payload.rest(large.read(), arrived.request()), false);
      }
    } else if (result instanceof FormBody.Result.Busy) {
      refuse(
          arrived,
          Recording.of(audit, clock, null, null),
          503,
          "busy",
          "Too many signed forms at once; try again in a moment.");
    } else if (result instanceof FormBody.Result.Failed failed) {
      LOG.debug("A form did not arrive, request {}.", arrived.id(), failed.cause());
      arrived.refuse(400, "The form did not arrive whole and sound.");
    }
  }

  private void tooLarge(Arrived arrived) {
    refuse(
        arrived,
        Recording.of(audit, clock, null, null),
        413,
        "form-too-large",
        "A signed form may have at most " + formBytes + " bytes; send less, or not as a form.");
  }

  /**
   * Checks a signature on this thread where nothing waits, since to wake another one costs half as
   * much as the check; but the requests of one HTTP/2 connection would wait for one another.
   */
  private void signed(Arrived arrived, Payload payload, byte @Nullable [] form) {
    Request request = arrived.request();
    SignedRequest signed =
        new SignedRequest(
            arrived.id(),
            arrived.application().name(),
            arrived.method(),
            arrived.application().signable(arrived.path()),
            arrived.rawQuery(),
            authorization(request.getHeaders()),
            form,
            arrived.clientAddress());
    Admission admission = new Admission();
    boolean here =
        request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2
            && (form == null || form.length <= SMALL_FORM_BYTES)
            && !audit.waits();
    Workers.guard(
        arrived,
        () -> {
          long sinceNanos = System.nanoTime();
          Verdict verdict = here ? authenticator.authenticateAtOnce(signed, admission) : null;
          if (verdict != null) {
            arrived.meters().verified(sinceNanos);
            checked(arrived, payload, verdict, admission, false);
            return;
          }
          workers.run(
              arrived,
              () -> {
                long startedNanos = System.nanoTime();
                Verdict checked = authenticator.authenticate(signed, admission);
                arrived.meters().verified(startedNanos);
                checked(arrived, payload, checked, admission, true);
              });
        });
  }

  private void checked(
      Arrived arrived, Payload payload, Verdict verdict, Admission admission, boolean onWorker) {
    if (!(verdict instanceof Verdict.Accepted)) {
      admission.takeBack();
    }
    if (verdict instanceof Verdict.Accepted accepted) {
      limits.forgiveCheck(arrived);
      accepted(arrived, payload, accepted.caller());
    } else if (verdict instanceof Verdict.NotAdmitted notAdmitted) {
      limits.forgiveCheck(arrived);
      limits.refuseConsumer(arrived, notAdmitted.consumerKey());
    } else if (verdict instanceof Verdict.Refused refused) {
      arrived.meters().refused(refused.problem());
      Recording.of(audit, clock, refused.consumerKey(), refused.person())
          .note(arrived, Outcome.REFUSED, refused.problem(), refused.detail());
      LOG.info(
          "{} {} at {} refused, request {}: {}. {}",
          arrived.method(),
          arrived.path(),
          arrived.application().name(),
          arrived.id(),
          refused.problem(),
          refused.detail() == null ? "" : refused.detail());
      Answers.exact(arrived.response(), arrived.callback(), refused.response(), arrived.id());
    } else {
      unsigned(arrived, payload, onWorker);
    }
  }

  /** Counts a request of a consumer while its signature is checked, unless it is refused later. */
  private final class Admission implements Predicate<String> {
    private @Nullable String counted;

    @Override
    public boolean test(String consumerKey) {
      boolean admitted = limits.admitsConsumer(consumerKey);
      if (admitted) {
        counted = consumerKey;
      }
      return admitted;
    }

    void takeBack() {
      String consumer = counted;
      if (consumer != null) {
        limits.forgiveConsumer(consumer);
      }
    }
  }

  private void accepted(Arrived arrived, Payload payload, Caller caller) {
    Recording record = Recording.of(audit, clock, caller);
    Application application = arrived.application();
    String method =
        Upgrades.asked(arrived.request()) == null ? arrived.method() : Upgrades.POLICY_METHOD;
    String refusal = policy.refusal(caller, application.name(), method, arrived.path());
    if (refusal != null) {
      refuse(arrived, record, 403, "policy", refusal);
      return;
    }
    visit(arrived, payload, caller.person(), true, record, () -> stands(arrived, caller));
  }

  /** Whether a caller could open its tunnel still; asked from time to time while it is open. */
  private boolean stands(Arrived arrived, Caller caller) {
    String application = arrived.application().name();
    return authenticator.stands(caller, application)
        && policy.refusal(caller, application, Upgrades.POLICY_METHOD, arrived.path()) == null;
  }

  private void visit(
      Arrived arrived,
      Payload payload,
      Person person,
      boolean signed,
      @Nullable Recording record,
      BooleanSupplier stands) {
    String fault = IdentityFields.fault(person.name());
    if (fault != null) {
      Recording of = record == null ? Recording.ofSession(audit, clock, person.name()) : record;
      refuse(arrived, of, 403, "unsendable-name", fault);
      return;
    }
    RequestMeters meters = arrived.meters();
    if (signed) {
      meters.signed();
    } else {
      meters.session();
    }
    Visit visit =
        new Visit(arrived, person, arrived.application().identity().of(person), signed, stands);
    new Exchange(arrived, payload, stages, visit, record).start();
  }

  /** A request without a signature: by its session, or as nobody. */
  private void unsigned(Arrived arrived, Payload payload, boolean onWorker) {
    ApplicationConfig.SignIn mode = arrived.application().config().signIn();
    HttpFields headers = arrived.request().getHeaders();
    if (mode == ApplicationConfig.SignIn.OFF
        || (mode == ApplicationConfig.SignIn.OPTIONAL && headers.contains(HttpHeader.AUTHORIZATION))
        || carriesCredentials(headers)) {
      nobody(arrived, payload);
      return;
    }
    List<String> cookies =
        headers.contains(HttpHeader.COOKIE) ? headers.getValuesList(HttpHeader.COOKIE) : List.of();
    if (!sessions.mayFind(cookies, secure(arrived))) {
      withoutSession(arrived, payload);
    } else if (onWorker) {
      bySession(arrived, payload, cookies);
    } else {
      workers.run(arrived, () -> bySession(arrived, payload, cookies));
    }
  }

  /** Whether there is something an upstream could check itself: a password or an API token. */
  private static boolean carriesCredentials(HttpFields headers) {
    return headers.getValuesList(HttpHeader.AUTHORIZATION).stream()
        .anyMatch(value -> CREDENTIALS.matcher(value).matches());
  }

  /** Sign-in sets its cookies for the configured URL, whichever one the request came by. */
  private static boolean secure(Arrived arrived) {
    return arrived.application().config().publicUrl().secure();
  }

  /** Counts the look-ups for a browser's cookies like checks of signatures. */
  private final class LookUps implements BooleanSupplier {
    private final Arrived arrived;
    private int counted;
    private boolean refused;

    LookUps(Arrived arrived) {
      this.arrived = arrived;
    }

    @Override
    public boolean getAsBoolean() {
      if (!refused && limits.admitsCheck(arrived)) {
        counted++;
        return true;
      }
      refused = true;
      return false;
    }

    void takeBack() {
      for (int i = 0; i < counted; i++) {
        limits.forgiveCheck(arrived);
      }
    }
  }

  private void bySession(Arrived arrived, Payload payload, List<String> cookies) {
    LookUps lookUps = new LookUps(arrived);
    Optional<Sessions.Session> session = sessions.find(cookies, secure(arrived), lookUps);
    if (lookUps.refused) {
      return;
    }
    if (session.isPresent()) {
      lookUps.takeBack();
    }
    if (session.isEmpty()) {
      withoutSession(arrived, payload);
      return;
    }
    Person person = session.get().person();
    HttpFields headers = arrived.request().getHeaders();
    boolean upgrade = Upgrades.asked(arrived.request()) != null;
    boolean changing = upgrade || !Exchange.isSafe(arrived.method());
    boolean foreign = changing && CrossSite.foreign(headers, arrived.site());
    boolean required = arrived.application().config().signIn() == ApplicationConfig.SignIn.REQUIRED;
    if (foreign && (upgrade || required)) {
      refuse(
          arrived,
          Recording.ofSession(audit, clock, person.name()),
          403,
          "cross-site",
          "This request was started by another site, so it does not run as you.");
    } else if (foreign) {
      nobody(arrived, payload);
    } else if (upgrade && !CrossSite.sameOrigin(headers, arrived.site())) {
      withoutSession(arrived, payload);
    } else {
      Recording record = changing ? Recording.ofSession(audit, clock, person.name()) : null;
      String id = session.get().id();
      visit(arrived, payload, person, false, record, () -> sessions.lives(id));
    }
  }

  private void withoutSession(Arrived arrived, Payload payload) {
    if (arrived.application().config().signIn() != ApplicationConfig.SignIn.REQUIRED) {
      nobody(arrived, payload);
    } else if (isPage(arrived)) {
      arrived.meters().signIn();
      String query = arrived.rawQuery();
      String returnTo = query == null ? arrived.path() : arrived.path() + "?" + query;
      Answers.redirect(
          arrived, arrived.application().config().publicUrl().with(signIn.path(returnTo)));
    } else {
      arrived.meters().signIn();
      Answers.challenge(arrived);
    }
  }

  private void nobody(Arrived arrived, Payload payload) {
    arrived.meters().unsigned();
    new Exchange(arrived, payload, stages, null, null).start();
  }

  private void refuse(
      Arrived arrived, Recording record, int status, String problem, String sentence) {
    arrived.meters().refused(problem);
    record.note(arrived, Outcome.REFUSED, problem, sentence);
    arrived.refuse(status, sentence);
  }

  private static List<String> authorization(HttpFields headers) {
    return headers.contains(HttpHeader.AUTHORIZATION)
        ? headers.getValuesList(HttpHeader.AUTHORIZATION)
        : List.of();
  }

  private static boolean isForm(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null || !Payload.present(request)) {
      return false;
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT).equals(FORM);
  }

  private static boolean isPage(Arrived arrived) {
    String accept = arrived.request().getHeaders().get(HttpHeader.ACCEPT);
    return (arrived.method().equals("GET") || arrived.method().equals("HEAD"))
        && Upgrades.asked(arrived.request()) == null
        && accept != null
        && (accept.contains("text/html") || accept.contains("application/xhtml+xml"));
  }

  @Override
  public void close() {
    workers.close();
  }
}
