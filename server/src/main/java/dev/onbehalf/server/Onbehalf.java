package dev.onbehalf.server;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.admin.Administration;
import dev.onbehalf.server.audit.AuditRetention;
import dev.onbehalf.server.audit.JdbiAuditStore;
import dev.onbehalf.server.audit.JdbiAuditTrail;
import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ListenConfig;
import dev.onbehalf.server.diagnosis.ArrivalProbes;
import dev.onbehalf.server.diagnosis.Diagnosis;
import dev.onbehalf.server.gateway.GatewayServer;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.monitor.Metrics;
import dev.onbehalf.server.monitor.Watch;
import dev.onbehalf.server.monitor.Webhook;
import dev.onbehalf.server.people.FileDirectory;
import dev.onbehalf.server.people.SignInPages;
import dev.onbehalf.server.people.StoredSessions;
import dev.onbehalf.server.people.UsersFile;
import dev.onbehalf.server.policy.ConsumerPolicy;
import dev.onbehalf.server.provider.Provider;
import dev.onbehalf.server.receive.Receiver;
import dev.onbehalf.server.relay.Relay;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.NonceStore;
import dev.onbehalf.server.store.Purger;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.page.HomePage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

/** The whole service: opens the rooms in the order in which they need each other. */
public final class Onbehalf implements AutoCloseable {
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);

  private final Configuration configuration;
  private final Opened opened = new Opened();
  private final GatewayServer gateway;
  private final Administration administration;

  private Onbehalf(Configuration configuration, Clock clock) throws IOException {
    this.configuration = configuration;
    try {
      Path data = configuration.dataDirectory();
      Metrics metrics = open(Metrics.open(configuration.monitor().metrics()));
      Database database = open(Database.open(configuration.database(), data));
      TinkSealer sealer = TinkSealer.open(database, data);
      JdbiAuditStore auditStore = new JdbiAuditStore(database, sealer);
      JdbiAuditTrail audit = open(new JdbiAuditTrail(auditStore));
      UsersFile users = new UsersFile(configuration.people().usersFile());
      FileDirectory directory = new FileDirectory(users);
      NonceStore nonces =
          open(NonceStore.open(database, data, configuration.provider().timestampWindow(), clock));
      StoredSessions sessions =
          new StoredSessions(database, sealer, directory, configuration.sessions(), clock);

      Routes routes = new Routes();
      Pages pages = new Pages();
      pages.addTo(routes);
      SignInPages signIn =
          new SignInPages(
              sessions,
              directory,
              sealer,
              pages,
              audit,
              clock,
              List.of(
                  new HomePage.Link(
                      Provider.TOKENS_PATH,
                      "Applications that act as you",
                      "See what you allowed, and withdraw it."),
                  new HomePage.Link(
                      Links.MY_LINKS_PATH,
                      "Applications you act in",
                      "Allow your scripts and builds to act there as you."),
                  LinkingSide.SCRIPTS));
      signIn.addTo(routes);
      Provider provider =
          open(
              Provider.open(
                  new Provider.Parts(
                      configuration, database, sealer, nonces, audit, directory, clock)));
      provider.addRoutes(routes, pages, sessions, signIn);
      Diagnosis diagnosis =
          open(new Diagnosis(configuration.applications(), provider.signatureKeys(), clock));
      provider.tell(diagnosis);
      ArrivalProbes arrivals =
          new ArrivalProbes(mark -> sealer.fingerprint("arrival", mark), clock);

      Foundation base =
          new Foundation(
              configuration,
              metrics,
              database,
              sealer,
              audit,
              directory,
              sessions,
              pages,
              signIn,
              OutgoingHttp.of(configuration),
              clock);
      AccessPolicy policy = new ConsumerPolicy(provider.grants(), provider.protectedPeople());
      LinkingSide linking = new LinkingSide(base, provider, policy, routes);

      Path deliveryFile = configuration.deliveryFile();
      Relay relay = null;
      if (deliveryFile != null) {
        relay =
            open(
                Relay.open(
                    deliveryFile,
                    data.resolve("delivery-spool"),
                    sealer,
                    audit,
                    clock,
                    base.http(),
                    metrics.registry()));
        relay.addTo(routes);
      }

      ReceivingSide receiving = new ReceivingSide(base, linking, opened);
      Receiver receiver = receiving.receiver();

      Purger purger = open(new Purger(clock, PURGE_INTERVAL));
      provider.register(purger);
      purger.register("nonces", nonces::purge);
      purger.register("sessions", now -> sessions.purge());
      linking.register(purger);
      receiver.register(purger);
      Duration retention = configuration.audit().retention();
      if (retention != null) {
        purger.register("audit", new AuditRetention(auditStore, audit, retention));
      }

      WebAdapter web =
          open(new WebAdapter(routes, pages, configuration.limits().ownPageBodyBytes()));
      ScheduledChecks checks =
          open(
              new ScheduledChecks(
                  configuration, receiver.credentials(), linking.links(), relay, clock));
      Secret webhook = configuration.monitor().webhook();
      Watch watch =
          open(
              new Watch(
                  new Watch.Parts(
                      database,
                      audit,
                      clock,
                      checks,
                      configuration.monitor().interval(),
                      webhook == null ? null : new Webhook(webhook))));
      metrics.add(watch);
      administration =
          open(
              Administration.start(
                  new Administration.Parts(
                      configuration,
                      database,
                      sealer,
                      provider.administration(),
                      provider.keys(),
                      linking.links(),
                      linking.personalTokens(),
                      users,
                      directory,
                      sessions,
                      auditStore,
                      audit,
                      diagnosis,
                      arrivals,
                      receiver.credentials(),
                      receiver.queries(),
                      metrics,
                      receiving.jira(),
                      watch,
                      clock)));
      gateway =
          open(
              new GatewayServer(
                  configuration,
                  routes,
                  web,
                  receiving.sites(),
                  sessions,
                  signIn,
                  provider.authenticator(),
                  policy,
                  audit,
                  clock,
                  arrivals,
                  metrics.registry()));
      measure(metrics, database, audit, nonces, sessions, provider);
      receiving.measure(metrics);
      listen(configuration.listen());
      purger.start();
      receiving.start();
      watch.start();
    } catch (RuntimeException | IOException | Error e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Starts the service.
   *
   * @throws IOException with one sentence, if a listener, the users file or the data directory
   *     cannot be used
   * @throws dev.onbehalf.server.store.StoreException with one sentence, if the database cannot
   */
  public static Onbehalf start(Configuration configuration, Clock clock) throws IOException {
    ClassesAhead.load();
    TinkSealer.prepare();
    return new Onbehalf(configuration, clock);
  }

  /** Returns where the administrator API answers. */
  public URI adminUri() {
    return URI.create("http://" + configuration.admin().host() + ":" + administration.port());
  }

  /** Returns the port of the public listener. */
  public int publicPort() {
    return gateway.port();
  }

  /** Says, in one line, where everything answers. */
  public String banner() {
    StringJoiner places = new StringJoiner(", ");
    for (ApplicationConfig application : configuration.applications()) {
      places.add(application.name() + " at " + application.publicUrl());
    }
    if (configuration.receive() != null) {
      places.add("builds and deployments at " + configuration.receive().publicUrl());
    }
    String scheme = configuration.listen().tls() == null ? "http" : "https";
    return "Onbehalf is ready: public "
        + scheme
        + "://"
        + configuration.listen().host()
        + ":"
        + publicPort()
        + (places.length() == 0 ? " (no application is configured yet)" : " (" + places + ")")
        + ", administration "
        + adminUri();
  }

  /** Stops listening, lets requests under way finish, writes what is queued. */
  @Override
  public void close() {
    opened.close();
  }

  private static void measure(
      Metrics metrics,
      Database database,
      JdbiAuditTrail audit,
      NonceStore nonces,
      StoredSessions sessions,
      Provider provider) {
    metrics.add(database, audit, nonces);
    metrics.addStored(
        "onbehalf.sessions", "Browser sessions that have not ended.", null, sessions::count);
    metrics.addStored(
        "onbehalf.instance.key.created",
        "When the key this server signs with was made, in seconds since 1970.",
        "seconds",
        () -> provider.keys().current().created().getEpochSecond());
  }

  private void listen(ListenConfig listen) throws IOException {
    try {
      gateway.start();
    } catch (IOException e) {
      throw new IOException(
          "The gateway cannot listen on "
              + listen.address()
              + ":"
              + listen.port()
              + ": "
              + e.getMessage()
              + ". Set the option listen to a free port.",
          e);
    }
  }

  private <T extends AutoCloseable> T open(T part) {
    return opened.add(part);
  }
}
