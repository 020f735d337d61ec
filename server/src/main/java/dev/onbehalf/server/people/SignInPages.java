package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.HomePage;
import dev.onbehalf.server.web.page.SignInPage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sign-in, sign-out and the page where a person lands without anywhere else to go. */
public final class SignInPages implements SignIn {
  /** Path of the sign-in page, after the context path. */
  public static final String SIGN_IN_PATH = Routes.OWN_PREFIX + "/sign-in";

  static final String SIGN_OUT_PATH = Routes.OWN_PREFIX + "/sign-out";
  static final String HOME_PATH = Routes.OWN_PREFIX + "/";
  private static final int NAME_CHARACTERS = 256;
  private static final int PASSWORD_CHARACTERS = 1024;
  private static final int PATIENCE_SECONDS = 5;
  private static final String TOO_MANY = "Too many failures in a quarter of an hour.";

  private final Sessions sessions;
  private final Directory directory;
  private final Sealer sealer;
  private final Pages pages;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final List<HomePage.Link> links;
  private final SignInLimiter limiter;

  /**
   * Hashing a password takes a processor and much memory for a while: no more at once than this.
   */
  private final Semaphore passwordChecks =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

  /**
   * Prepares the pages.
   *
   * @param links where a signed-in person may go from the home page
   */
  public SignInPages(
      Sessions sessions,
      Directory directory,
      Sealer sealer,
      Pages pages,
      AuditTrail audit,
      InstantSource clock,
      List<HomePage.Link> links) {
    this.sessions = sessions;
    this.directory = directory;
    this.sealer = sealer;
    this.pages = pages;
    this.audit = audit;
    this.clock = clock;
    this.links = List.copyOf(links);
    this.limiter = new SignInLimiter(clock);
  }

  /** Adds the pages to {@code routes}. */
  public void addTo(Routes routes) {
    addTo(routes, links);
  }

  /** Adds the pages to {@code routes}, with other places to go from the home page. */
  public void addTo(Routes routes, List<HomePage.Link> places) {
    routes
        .add(SIGN_IN_PATH, Methods.get(this::show).andPost(this::signIn))
        .add(SIGN_OUT_PATH, Methods.post(this::signOut))
        .add(HOME_PATH, Methods.get(request -> home(request, places)))
        .add(
            Routes.OWN_PREFIX,
            Methods.get(request -> WebResponse.redirect(request.publicUrl().with(HOME_PATH))));
  }

  @Override
  public WebResponse challenge(WebRequest request, String returnTo) {
    return WebResponse.redirect(request.publicUrl().with(path(returnTo)));
  }

  @Override
  public String path(String returnTo) {
    return ReturnTo.harmless(returnTo)
        .map(safe -> SIGN_IN_PATH + "?returnTo=" + URLEncoder.encode(safe, StandardCharsets.UTF_8))
        .orElse(SIGN_IN_PATH);
  }

  private WebResponse home(WebRequest request, List<HomePage.Link> places) {
    Optional<Session> session = sessions.find(request);
    HomePage page =
        session
            .map(found -> new HomePage(found.person().name(), null, places))
            .orElseGet(() -> new HomePage(null, null, List.of()));
    return pages.page(request, 200, page, session.map(Session::viewer).orElse(null));
  }

  private WebResponse show(WebRequest request) {
    String returnTo = returnTo(Form.query(request));
    if (sessions.find(request).isPresent()) {
      return WebResponse.redirect(request.publicUrl().with(returnTo));
    }
    return form(request, 200, returnTo, "", null);
  }

  private WebResponse signIn(WebRequest request) {
    Form form = Form.body(request);
    String returnTo = returnTo(form);
    String name = form.value("name").orElse("").strip();
    Secret password = Secret.of(form.value("password").orElse(""));
    if (CrossSite.claimed(request) || !carriesToken(request, form)) {
      return form(
          request,
          403,
          returnTo,
          clipped(name),
          "This form was no longer valid, or your browser refused its cookie. Please try again.");
    }
    if (name.isEmpty()
        || name.length() > NAME_CHARACTERS
        || password.isEmpty()
        || password.reveal().length() > PASSWORD_CHARACTERS) {
      return refused(request, returnTo, name, "Name or password missing or too long.");
    }
    Checked checked = check(request, name, password);
    if (checked.limited()) {
      return limited(request, returnTo, name);
    }
    Person person = checked.person();
    if (person == null) {
      return refused(request, returnTo, name, null);
    }
    return signedIn(request, person, returnTo);
  }

  @Override
  public Optional<String> confirm(WebRequest request, Person person, Secret password) {
    if (password.isEmpty() || password.reveal().length() > PASSWORD_CHARACTERS) {
      return Optional.of("Enter your password.");
    }
    Checked checked = check(request, person.name(), password);
    if (checked.limited()) {
      refusal(request, person.name(), "sign_in_rate", TOO_MANY);
      return Optional.of("Too many attempts failed. Please try again later.");
    }
    Person known = checked.person();
    if (known == null || !known.identity().equals(person.identity())) {
      refusal(request, person.name(), "sign_in_failed", null);
      return Optional.of("The password is not right.");
    }
    return Optional.empty();
  }

  /**
   * What came of name and password.
   *
   * @param person whose they are; null if they are not right, or were not looked at
   * @param limited whether there were too many failures to look at them
   */
  private record Checked(@Nullable Person person, boolean limited) {}

  private Checked check(WebRequest request, String name, Secret password) {
    Optional<SignInLimiter.Attempt> attempt = limiter.admit(name, request.remoteAddress());
    if (attempt.isEmpty()) {
      return new Checked(null, true);
    }
    Optional<Person> person;
    try {
      person = authenticate(name, password);
    } catch (RuntimeException e) {
      attempt.get().undecided();
      throw e;
    }
    person.ifPresent(found -> attempt.get().succeeded());
    return new Checked(person.orElse(null), false);
  }

  private Optional<Person> authenticate(String name, Secret password) {
    try {
      if (!passwordChecks.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    }
    try {
      return directory.authenticate(name, password);
    } finally {
      passwordChecks.release();
    }
  }

  private static WebException busy() {
    return new WebException(
        503, "Busy", "Too many people are signing in at once.", "Try again in a moment.");
  }

  private WebResponse signedIn(WebRequest request, Person person, String returnTo) {
    WebResponse response =
        WebResponse.redirect(request.publicUrl().with(returnTo))
            .with("Set-Cookie", Cookies.PRE_SESSION.clear(request.publicUrl()));
    WebResponse answer = sessions.signIn(request, person, response);
    audit.record(
        event(request, "sign-in", AuditEvent.Outcome.ALLOWED).person(person.name()).build());
    return answer;
  }

  /** The same answer whichever of the two was wrong; only the audit tells them apart. */
  private WebResponse refused(
      WebRequest request, String returnTo, String name, @Nullable String detail) {
    refusal(request, name, "sign_in_failed", detail);
    return form(request, 403, returnTo, clipped(name), "Name or password is not right.");
  }

  private WebResponse limited(WebRequest request, String returnTo, String name) {
    refusal(request, name, "sign_in_rate", TOO_MANY);
    long minutes = SignInLimiter.PERIOD.toMinutes();
    return form(
            request,
            429,
            returnTo,
            clipped(name),
            "Too many attempts failed. Please try again in " + minutes + " minutes.")
        .with("Retry-After", String.valueOf(SignInLimiter.PERIOD.toSeconds()));
  }

  /** People type passwords into the name field: a name is recorded only if somebody has it. */
  private void refusal(WebRequest request, String name, String problem, @Nullable String detail) {
    Optional<Person> known = known(name);
    String reason =
        known.isEmpty()
            ? "Nobody has this name."
            : known.get().active() ? "Wrong password." : "The person is not active.";
    audit.record(
        event(request, "sign-in", AuditEvent.Outcome.REFUSED)
            .person(known.map(Person::name).orElse(null))
            .problem(problem)
            .detail(detail == null ? reason : detail)
            .build());
  }

  private Optional<Person> known(String name) {
    if (name.isEmpty() || name.length() > NAME_CHARACTERS) {
      return Optional.empty();
    }
    return directory.find(name);
  }

  private WebResponse signOut(WebRequest request) {
    WebResponse home = WebResponse.redirect(request.publicUrl().with(HOME_PATH));
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      return home;
    }
    Form unused = session.get().form(request);
    audit.record(
        event(request, "sign-out", AuditEvent.Outcome.ALLOWED)
            .person(session.get().person().name())
            .build());
    return sessions.signOut(request, home);
  }

  private WebResponse form(
      WebRequest request, int status, String returnTo, String name, @Nullable String problem) {
    boolean secure = request.publicUrl().secure();
    List<String> cookies = Cookies.PRE_SESSION.values(request.headerValues("cookie"), secure);
    String cookie = cookies.isEmpty() ? Tokens.random() : cookies.get(0);
    SignInPage page = new SignInPage(returnTo, name, problem, token(cookie));
    WebResponse response = pages.page(request, status, page, null);
    return cookies.isEmpty()
        ? response.with("Set-Cookie", Cookies.PRE_SESSION.set(request.publicUrl(), cookie))
        : response;
  }

  private boolean carriesToken(WebRequest request, Form form) {
    byte[] given = form.value(Session.CSRF_FIELD).orElse("").getBytes(StandardCharsets.UTF_8);
    boolean secure = request.publicUrl().secure();
    boolean found = false;
    for (String cookie : Cookies.PRE_SESSION.values(request.headerValues("cookie"), secure)) {
      found |= MessageDigest.isEqual(token(cookie).getBytes(StandardCharsets.UTF_8), given);
    }
    return found;
  }

  private String token(String preSessionCookie) {
    return Tokens.encode(sealer.fingerprint("sign-in-form", preSessionCookie));
  }

  private static String returnTo(Form form) {
    return ReturnTo.harmless(form.value("returnTo").orElse(null))
        .filter(path -> !path.startsWith(SIGN_IN_PATH) && !path.startsWith(SIGN_OUT_PATH))
        .orElse(HOME_PATH);
  }

  private static String clipped(String name) {
    return name.length() > NAME_CHARACTERS ? "" : name;
  }

  private AuditEvent.Builder event(WebRequest request, String action, AuditEvent.Outcome outcome) {
    return AuditEvent.builder(clock.instant(), request.id(), action, outcome)
        .application(request.application())
        .request(request.method(), request.path())
        .remoteAddress(request.remoteAddress());
  }
}
