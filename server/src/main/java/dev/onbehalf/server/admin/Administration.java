package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditVerifier;
import dev.onbehalf.server.audit.JdbiAuditStore;
import dev.onbehalf.server.audit.JdbiAuditTrail;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.diagnosis.ArrivalProbes;
import dev.onbehalf.server.diagnosis.ConfigurationChecks;
import dev.onbehalf.server.diagnosis.Diagnosis;
import dev.onbehalf.server.diagnosis.Doctor;
import dev.onbehalf.server.jira.Jira;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.monitor.Metrics;
import dev.onbehalf.server.monitor.Watch;
import dev.onbehalf.server.outgoing.PersonalTokens;
import dev.onbehalf.server.people.FileDirectory;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.UsersFile;
import dev.onbehalf.server.provider.InstanceKeys;
import dev.onbehalf.server.provider.ProviderAdministration;
import dev.onbehalf.server.provider.ProviderAdministration.Actor;
import dev.onbehalf.server.receive.CredentialAdministration;
import dev.onbehalf.server.receive.query.Queries;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The administrator REST API on its own listener. */
public final class Administration implements AutoCloseable {
  /** Who the audit trail names for what comes through this API. */
  static final String ACTOR = "administrator";

  private static final int BODY_BYTES = 1 << 20;

  private final WebAdapter adapter;
  private final AdminServer server;

  private Administration(WebAdapter adapter, AdminServer server) {
    this.adapter = adapter;
    this.server = server;
  }

  /** What the API administers. */
  public record Parts(
      Configuration configuration,
      Database database,
      TinkSealer sealer,
      ProviderAdministration provider,
      InstanceKeys keys,
      Links links,
      PersonalTokens personalTokens,
      UsersFile users,
      FileDirectory directory,
      Sessions sessions,
      JdbiAuditStore auditStore,
      JdbiAuditTrail auditTrail,
      Diagnosis diagnosis,
      ArrivalProbes arrivals,
      CredentialAdministration credentials,
      Queries queries,
      Metrics metrics,
      Jira jira,
      Watch watch,
      InstantSource clock) {}

  /**
   * Starts the listener, and makes the administrator token on the first start.
   *
   * @throws IOException with one sentence, if port or data directory cannot be used
   */
  public static Administration start(Parts parts) throws IOException {
    Secret token = AdminToken.readOrCreate(parts.configuration().dataDirectory());
    AdminRouter router = new AdminRouter(token);
    new ConsumersApi(parts.provider()).addTo(router);
    new CredentialsApi(parts.credentials()).addTo(router);
    new ReceiveQueueApi(parts.jira(), parts.auditTrail(), parts.clock()).addTo(router);
    new QueryApi(parts.queries()).addTo(router);
    new LinksApi(parts.links(), parts.provider()).addTo(router);
    new UsersApi(parts).addTo(router);
    new PersonalTokensApi(parts.personalTokens(), parts.auditTrail(), parts.clock()).addTo(router);
    new AuditApi(parts.auditStore()).addTo(router);
    new AuditVerificationApi(new AuditVerifier(parts.database(), parts.sealer()), parts.clock())
        .addTo(router);
    new KeysApi(parts.provider(), parts.keys()).addTo(router);
    new SealingKeysApi(
            parts.sealer(), parts.database().dialect(), parts.auditTrail(), parts.clock())
        .addTo(router);
    new ExplanationsApi(parts.diagnosis()).addTo(router);
    new HealthApi(parts).addTo(router);
    router.text(
        "/metrics",
        AdminToken.readOrCreateForMetrics(parts.configuration().dataDirectory()),
        Metrics.CONTENT_TYPE,
        () -> parts.metrics().text().orElseThrow(Administration::withoutMetrics));
    new DoctorApi(() -> checks(parts), parts.auditTrail(), parts.clock()).addTo(router);
    WebAdapter adapter = new WebAdapter(new Routes(), new Pages(), BODY_BYTES);
    try {
      return new Administration(
          adapter, AdminServer.start(parts.configuration().admin(), adapter, router));
    } catch (IOException | RuntimeException e) {
      adapter.close();
      throw e;
    }
  }

  private static AdminException withoutMetrics() {
    return new AdminException(
        404, "Metrics are switched off; set the option monitor.metrics to on.");
  }

  private static List<Doctor.Check> checks(Parts parts) {
    List<Doctor.Check> checks =
        new ArrayList<>(Doctor.ofPeers(parts.configuration(), parts.arrivals(), parts.clock()));
    checks.add(
        new Doctor.Check(
            "configuration", () -> ConfigurationChecks.run(parts.configuration(), parts.clock())));
    checks.add(new Doctor.Check("consumers", () -> new CredentialChecks(parts).consumers()));
    checks.add(new Doctor.Check("instance key", () -> new CredentialChecks(parts).ownKeys()));
    checks.add(new Doctor.Check("access tokens", () -> new CredentialChecks(parts).tokens()));
    if (parts.jira().tells()) {
      checks.add(
          new Doctor.Check(
              LinkQueueCheck.SUBJECT,
              () -> LinkQueueCheck.of(parts.jira().backlog(), parts.jira().paused())));
    }
    return checks;
  }

  static Actor actor(AdminRequest request) {
    return new Actor(ACTOR, request.id(), null);
  }

  /** Returns the port it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
    adapter.close();
  }
}
