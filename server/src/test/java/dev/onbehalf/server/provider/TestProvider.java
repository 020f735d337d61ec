package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.config.AdminConfig;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.AuditConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.config.ListenConfig;
import dev.onbehalf.server.config.PeopleConfig;
import dev.onbehalf.server.config.ProviderConfig;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.config.SessionConfig;
import dev.onbehalf.server.people.Directory;
import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.people.SignInPages;
import dev.onbehalf.server.people.StoredSessions;
import dev.onbehalf.server.people.TestClock;
import dev.onbehalf.server.people.TestPeople;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.NonceStore;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.TestServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a real listener, its pages and people beside it, known by an https URL as behind a
 * proxy that ends TLS.
 */
final class TestProvider implements AutoCloseable {
  static final PublicUrl URL = PublicUrl.parse("https://ci.example.com");

  /** The name at which the directory fails. */
  static final String FAULT = "fault";

  static final ProviderAdministration.Actor ADMIN =
      new ProviderAdministration.Actor("admin", "r-admin", "127.0.0.1");

  final TestClock clock = new TestClock();
  final TestPeople people = new TestPeople();
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger consumers = new AtomicInteger();
  private final TinkSealer sealer;
  private final @Nullable TestDatabase own;
  private final TestDatabase database;
  private final NonceStore nonces;
  private final Provider provider;
  private final TestServer server;

  private TestProvider(TestDatabase database, ProviderConfig config, boolean closesDatabase) {
    this.database = database;
    own = closesDatabase ? database : null;
    sealer = TinkSealer.open(database.database(), database.dataDirectory());
    nonces =
        NonceStore.open(
            database.database(), database.dataDirectory(), config.timestampWindow(), clock);
    provider =
        Provider.open(
            new Provider.Parts(
                configuration(config),
                database.database(),
                sealer,
                nonces,
                events::add,
                new Faulty(people),
                clock));
    Routes routes = new Routes();
    Pages pages = new Pages();
    StoredSessions sessions =
        new StoredSessions(
            database.database(),
            sealer,
            people,
            new SessionConfig(Duration.ofHours(1), Duration.ofHours(8)),
            clock);
    SignInPages signIn =
        new SignInPages(sessions, people, sealer, pages, event -> {}, clock, List.of());
    signIn.addTo(routes);
    pages.addTo(routes);
    provider.addRoutes(routes, pages, sessions, signIn);
    server = TestServer.startAs(routes, pages, URL.toString());
  }

  static TestProvider start() {
    return start(Fixtures.CONFIG);
  }

  static TestProvider start(ProviderConfig config) {
    return new TestProvider(TestDatabase.create(Database.Dialect.H2), config, true);
  }

  /** Starts on a database that somebody else closes. */
  static TestProvider on(TestDatabase database) {
    return new TestProvider(database, Fixtures.CONFIG, false);
  }

  Provider provider() {
    return provider;
  }

  ProviderAdministration administration() {
    return provider.administration();
  }

  TestServer server() {
    return server;
  }

  Database database() {
    return database.database();
  }

  /** Registers another consumer that signs by RSA-SHA1, and returns it as a program. */
  Peer rsa(UnaryOperator<ConsumerBuilder> more) {
    String key = "consumer-" + consumers.incrementAndGet();
    administration().add(ADMIN, more.apply(Fixtures.rsa(key, clock.instant())).build());
    return new Peer(this, key, Fixtures.rsaSigner(key));
  }

  Peer rsa() {
    return rsa(same -> same);
  }

  /** Registers another consumer that signs by HMAC-SHA1, and returns it as a program. */
  Peer hmac(UnaryOperator<ConsumerBuilder> more) {
    String key = "consumer-" + consumers.incrementAndGet();
    administration().add(ADMIN, more.apply(Fixtures.hmac(key, clock.instant())).build());
    return new Peer(this, key, Fixtures.hmacSigner(key));
  }

  Peer hmac() {
    return hmac(same -> same);
  }

  /** A program that signs as {@code key}, registered or not. */
  Peer peer(String key, Signer signer) {
    return new Peer(this, key, signer);
  }

  void edit(String key, UnaryOperator<ConsumerBuilder> edit) {
    administration().edit(ADMIN, key, edit);
  }

  Browser browser() {
    return new Browser(this);
  }

  /** What the gateway would be told of a GET without a body. */
  Verdict verdict(String pathAndQuery, String authorization) {
    return verdict("GET", pathAndQuery, authorization, null);
  }

  /** What the gateway would be told of a request. */
  Verdict verdict(
      String method, String pathAndQuery, @Nullable String authorization, byte @Nullable [] form) {
    return provider
        .authenticator()
        .authenticate(request(method, pathAndQuery, authorization, form));
  }

  /** A request as the gateway would hand it on. */
  SignedRequest request(
      String method, String pathAndQuery, @Nullable String authorization, byte @Nullable [] form) {
    int mark = pathAndQuery.indexOf('?');
    String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    return new SignedRequest(
        "r-gateway",
        "ci",
        method,
        List.of(URL.with(path)),
        mark < 0 ? null : pathAndQuery.substring(mark + 1),
        authorization == null ? List.of() : List.of(authorization),
        form,
        "127.0.0.1");
  }

  /** How many rows a table has. */
  long count(String table) {
    return database()
        .read(
            handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  /** The newest audit event of an action. */
  AuditEvent event(String action) {
    return events.stream()
        .filter(event -> event.action().equals(action))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("No event " + action + " in " + events));
  }

  private record Faulty(Directory directory) implements Directory {
    @Override
    public Optional<Person> find(String name) {
      if (name.equals(FAULT)) {
        throw new UnsupportedOperationException("The directory has a fault.");
      }
      return directory.find(name);
    }

    @Override
    public Optional<Person> authenticate(String name, Secret password) {
      return directory.authenticate(name, password);
    }
  }

  @Override
  public void close() {
    server.close();
    provider.close();
    nonces.close();
    if (own != null) {
      own.close();
    }
  }

  private static Configuration configuration(ProviderConfig config) {
    Path unused = Path.of("unused");
    return new Configuration(
        unused,
        new ListenConfig("127.0.0.1", 0, null),
        new AdminConfig("127.0.0.1", 0),
        TestDatabase.embedded(),
        List.of(),
        List.of(
            new ApplicationConfig(
                "ci",
                URL,
                List.of(),
                URI.create("http://127.0.0.1:1"),
                ApplicationConfig.Adapter.HEADER,
                ApplicationConfig.SignIn.OFF,
                "X-Forwarded-User",
                null,
                "|",
                null,
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                null,
                null)),
        new PeopleConfig(unused),
        new SessionConfig(Duration.ofHours(1), Duration.ofHours(8)),
        config,
        new LimitConfig(32 * 1024, 64 * 1024, 64 * 1024),
        new AuditConfig(null));
  }
}
