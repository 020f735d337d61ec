package dev.onbehalf.server.gateway;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.AdminConfig;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.config.AuditConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.config.ListenConfig;
import dev.onbehalf.server.config.PeopleConfig;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.config.TlsConfig;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.wire.StubUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A gateway on a free port, with the rooms beside it played by a few lines each. */
final class TestGateway implements AutoCloseable {
  static final String SESSION_COOKIE = "onbehalf-session";

  private final GatewayServer server;
  private final WebAdapter web;
  private final List<AuditEvent> events;
  private final TestSessions sessions;

  private TestGateway(Builder builder) throws IOException {
    Routes routes = builder.routes;
    web = new WebAdapter(routes, new Pages(), 64 * 1024);
    events = builder.events;
    sessions = builder.sessions;
    server =
        new GatewayServer(
            builder.configuration(),
            routes,
            web,
            List.of(),
            builder.sessions,
            new TestSignIn(),
            builder.authenticator,
            builder.policy,
            events::add,
            builder.clock,
            arrival -> null,
            builder.meters);
    server.start();
  }

  static Builder in(StubUpstream upstream) {
    return new Builder(URI.create("http://127.0.0.1:" + upstream.port()));
  }

  static Builder in(URI upstream) {
    return new Builder(upstream);
  }

  int port() {
    return server.port();
  }

  /** Ends the session of a cookie. */
  void endSession(String cookie) {
    sessions.people.remove(cookie);
  }

  GatewayServer server() {
    return server;
  }

  List<AuditEvent> events() {
    return events;
  }

  @Override
  public void close() throws IOException {
    server.close();
    web.close();
  }

  static Person person(String name, String... groups) {
    return new Person(
        name, "id-" + name, "Display " + name, name + "@example.com", Set.of(groups), true);
  }

  static final class Builder {
    private final List<ApplicationConfig> more = new ArrayList<>();
    private final Routes routes = new Routes();
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private URI upstream;
    private String publicUrl = "http://ci.example.com";
    private List<PublicUrl> alternates = List.of();
    private Adapter adapter = Adapter.HEADER;
    private ApplicationConfig.SignIn signIn = ApplicationConfig.SignIn.OFF;
    private String groupsDelimiter = "|";
    private @Nullable String secretHeader;
    private @Nullable String secret;
    private @Nullable String mailHeader;
    private @Nullable String displayNameHeader;
    private List<String> trusted = List.of();
    private Duration connectTimeout = Duration.ofSeconds(20);
    private Duration responseTimeout = Duration.ofSeconds(60);
    private @Nullable TlsConfig tls;
    private LimitConfig limits = new LimitConfig(32 * 1024, 64 * 1024, 64 * 1024);
    private RequestAuthenticator authenticator = new Unsigned();
    private AccessPolicy policy = (caller, application, method, path) -> null;
    private Clock clock = Clock.systemUTC();
    private MeterRegistry meters = new SimpleMeterRegistry();
    private TestSessions sessions = new TestSessions();

    private Builder(URI upstream) {
      this.upstream = upstream;
    }

    Builder publicUrl(String url, String... alternateUrls) {
      publicUrl = url;
      alternates = List.of(alternateUrls).stream().map(PublicUrl::parse).toList();
      return this;
    }

    Builder upstreamPath(String path) {
      upstream = upstream.resolve(path);
      return this;
    }

    Builder adapter(Adapter value) {
      adapter = value;
      return this;
    }

    Builder signIn(ApplicationConfig.SignIn value) {
      signIn = value;
      return this;
    }

    Builder secret(String header, String value) {
      secretHeader = header;
      secret = value;
      return this;
    }

    Builder mail(@Nullable String mail, @Nullable String displayName) {
      mailHeader = mail;
      displayNameHeader = displayName;
      return this;
    }

    Builder trusted(String... proxies) {
      trusted = List.of(proxies);
      return this;
    }

    Builder timeouts(Duration connect, Duration response) {
      connectTimeout = connect;
      responseTimeout = response;
      return this;
    }

    Builder limits(LimitConfig value) {
      limits = value;
      return this;
    }

    Builder clock(Clock value) {
      clock = value;
      return this;
    }

    Builder meters(MeterRegistry value) {
      meters = value;
      return this;
    }

    Builder tls(Path certificate, Path key) {
      tls = new TlsConfig(certificate, key);
      return this;
    }

    Builder authenticator(RequestAuthenticator value) {
      authenticator = value;
      return this;
    }

    Builder policy(AccessPolicy value) {
      policy = value;
      return this;
    }

    Builder session(String cookie, Person person) {
      sessions.people.put(cookie, person);
      return this;
    }

    Builder application(ApplicationConfig config) {
      more.add(config);
      return this;
    }

    Routes routes() {
      return routes;
    }

    TestGateway start() throws IOException {
      return new TestGateway(this);
    }

    ApplicationConfig applicationConfig(String name, String url) {
      return new ApplicationConfig(
          name,
          PublicUrl.parse(url),
          alternates,
          upstream,
          adapter,
          signIn,
          "X-Forwarded-User",
          "X-Forwarded-Groups",
          groupsDelimiter,
          secretHeader,
          secret == null ? null : Secret.of(secret),
          connectTimeout,
          responseTimeout,
          mailHeader,
          displayNameHeader);
    }

    private Configuration configuration() {
      List<ApplicationConfig> applications = new ArrayList<>();
      applications.add(applicationConfig("ci", publicUrl));
      applications.addAll(more);
      return new Configuration(
          Path.of("unused"),
          new ListenConfig("127.0.0.1", 0, tls),
          new AdminConfig("127.0.0.1", 0),
          new DatabaseConfig(null, null, null, 1),
          trusted,
          applications,
          new PeopleConfig(Path.of("unused")),
          new SessionConfig(Duration.ofMinutes(1), Duration.ofMinutes(1)),
          new ProviderConfig(
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1),
              Duration.ofMinutes(1)),
          limits,
          new AuditConfig(null));
    }
  }

  /** Nothing is signed. */
  private static final class Unsigned implements RequestAuthenticator {
    @Override
    public boolean stands(Caller caller, String application) {
      return false;
    }

    @Override
    public boolean mayBeSigned(
        List<String> authorization, @Nullable String rawQuery, boolean formBody) {
      return false;
    }

    @Override
    public Verdict authenticate(SignedRequest request, Predicate<String> admits) {
      return new Verdict.Unsigned();
    }
  }

  /** Sessions by the value of one cookie. */
  private static final class TestSessions implements Sessions {
    private final Map<String, Person> people = new ConcurrentHashMap<>();

    @Override
    public Optional<Session> find(WebRequest request) {
      return find(request.headerValues("cookie"), false, () -> true);
    }

    @Override
    public boolean mayFind(List<String> cookieHeaders, boolean secure) {
      return cookieHeaders.stream().anyMatch(header -> header.contains(SESSION_COOKIE + "="));
    }

    @Override
    public boolean lives(String sessionId) {
      return people.containsKey(sessionId);
    }

    @Override
    public Optional<Session> find(
        List<String> cookieHeaders, boolean secure, BooleanSupplier admits) {
      if (!admits.getAsBoolean()) {
        return Optional.empty();
      }
      for (String header : cookieHeaders) {
        for (String pair : header.split(";", -1)) {
          String text = pair.strip();
          if (text.startsWith(SESSION_COOKIE + "=")) {
            String value = text.substring(SESSION_COOKIE.length() + 1);
            Person person = people.get(value);
            if (person != null) {
              return Optional.of(new Session(value, person, "csrf"));
            }
          }
        }
      }
      return Optional.empty();
    }

    @Override
    public boolean ownCookie(String name) {
      return name.equals(SESSION_COOKIE);
    }

    @Override
    public WebResponse signIn(WebRequest request, Person person, WebResponse response) {
      throw new UnsupportedOperationException();
    }

    @Override
    public WebResponse signOut(WebRequest request, WebResponse response) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void endAll(String personName) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class TestSignIn implements SignIn {
    @Override
    public WebResponse challenge(WebRequest request, String returnTo) {
      return WebResponse.redirect(request.publicUrl().with(path(returnTo)));
    }

    @Override
    public String path(String returnTo) {
      return "/-/onbehalf/sign-in?to=" + returnTo;
    }

    @Override
    public Optional<String> confirm(WebRequest request, Person person, Secret password) {
      return Optional.empty();
    }
  }
}
