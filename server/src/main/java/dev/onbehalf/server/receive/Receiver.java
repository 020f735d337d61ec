package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.send.Site;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.receive.query.Queries;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Purger;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side: a site of its own that takes builds and deployments as Jira Cloud does, and
 * the credentials for it. Credentials can be managed where nothing is received.
 */
public final class Receiver implements AutoCloseable {
  /**
   * Its name to people and in the audit trail, where other requests have that of an application; no
   * application can have it.
   */
  public static final String SITE = "builds and deployments";

  /** Path of the page that asks for an issue, after the context path. */
  public static final String ISSUES_PATH = "/issues";

  private static final int WAITING_REQUESTS = 64;
  private static final int STRANGERS_BODY_BYTES = 16 * 1024;

  private final JdbiCredentialStore store;
  private final CredentialAdministration administration;
  private final AccessTokens tokens;
  private final @Nullable ReceiveConfig config;
  private final Database database;
  private final TokenEndpoint tokenEndpoint;
  private final DataEndpoint data;
  private final Issues issues;
  private final JdbiEntityStore entities;
  private final String cloudId;
  private final Pages pages;
  private final Routes routes;
  private final WebAdapter web;
  private final Queries queries;

  /**
   * What it is made of.
   *
   * @param linked who knows which issues there are; null where every well-formed key is one
   * @param changes who is told what changed for issues
   */
  public record Parts(
      Configuration configuration,
      Database database,
      Sealer sealer,
      AuditTrail audit,
      InstantSource clock,
      Pages pages,
      Sessions sessions,
      SignIn signIn,
      MeterRegistry meters,
      @Nullable Issues linked,
      IssueChanges changes) {}

  /**
   * Prepares the site.
   *
   * @param routes what it answers besides: sign-in and pages
   */
  public Receiver(Parts parts, Routes routes) {
    this.config = parts.configuration().receive();
    this.database = parts.database();
    this.pages = parts.pages();
    this.routes = routes;
    store = new JdbiCredentialStore(parts.database(), parts.changes());
    administration =
        new CredentialAdministration(store, parts.sealer(), parts.audit(), parts.clock());
    tokens = new AccessTokens(parts.sealer(), parts.clock());
    IntakeMeters meters = new IntakeMeters(parts.meters());
    Turns turns = new Turns();
    tokenEndpoint =
        new TokenEndpoint(
            store, tokens, parts.sealer(), turns, meters, parts.audit(), parts.clock());
    cloudId = UUID.nameUUIDFromBytes(parts.sealer().fingerprint("receive", "cloud id")).toString();
    issues =
        new ConfiguredProjects(
            config == null ? Set.of() : Set.copyOf(config.projects()), parts.linked());
    entities = new JdbiEntityStore(parts.database(), parts.changes());
    queries = new Queries(parts.database(), issues, parts.clock());
    data =
        new DataEndpoint(
            cloudId,
            tokens,
            store,
            entities,
            new Intake(issues, parts.sealer()),
            issues,
            new CredentialLimits(
                config == null ? 1 : config.requestsPerCredential(), parts.clock()),
            turns,
            meters,
            parts.audit(),
            parts.clock());
    web = new WebAdapter(this::refusal, WAITING_REQUESTS);
  }

  /** Returns what an administrator does with credentials. */
  public CredentialAdministration credentials() {
    return administration;
  }

  /** Returns which issues count here. */
  public Issues issues() {
    return issues;
  }

  /** Returns what a pipeline or environment last did for an issue; empty where nothing is left. */
  public Optional<Latest> latest(IssueChanges.Target target) {
    return entities.latest(target);
  }

  /** Returns what answers queries. */
  public Queries queries() {
    return queries;
  }

  /** Returns what answers every path of the site. */
  public WebHandler handler() {
    return this::handle;
  }

  /** Returns what serves the site. */
  public WebAdapter web() {
    return web;
  }

  /** Returns the largest body accepted of whoever sends this {@code Authorization} header. */
  public int bodyBytes(@Nullable String authorization) {
    return config == null || tokens.claimOf(authorization).isEmpty()
        ? STRANGERS_BODY_BYTES
        : config.bodyBytes();
  }

  /** Adds what is to be done now and then. */
  public void register(Purger purger) {
    purger.register("deleted credentials", store::erase);
    purger.register("unused pipelines and environments", now -> Places.forgetUnused(database));
  }

  private WebResponse handle(WebRequest asked) {
    WebRequest request = asked;
    if (asked.path().startsWith(Site.ONBEHALF_PATH + "/")) {
      request = at(asked, asked.path().substring(Site.ONBEHALF_PATH.length()));
    }
    String path = request.path();
    WebHandler page = routes.find(path).orElse(null);
    if (page != null) {
      return page.handle(request);
    }
    if (path.startsWith("/jira/") || path.startsWith("/rest/")) {
      return data.handle(request);
    }
    return switch (path) {
      case "/" -> WebResponse.redirect(request.publicUrl().with(ISSUES_PATH));
      case "/oauth/token" ->
          request.method().equals("POST") ? tokenEndpoint.handle(request) : only("POST");
      case "/_edge/tenant_info" ->
          request.method().equals("GET")
              ? Json.answer(200, Json.object().put("cloudId", cloudId))
              : only("GET");
      default ->
          pages.error(
              request,
              404,
              "Not found",
              "There is no page at this address.",
              "Check the address for a typing error.");
    };
  }

  /** Our own sender puts this prefix before the paths of every server that is not Atlassian's. */
  private static WebRequest at(WebRequest request, String path) {
    return new WebRequest(
        request.id(),
        request.application(),
        request.publicUrl(),
        request.urls(),
        request.method(),
        path,
        request.rawQuery(),
        request.headers(),
        request.body(),
        request.remoteAddress());
  }

  private static WebResponse only(String method) {
    return Json.error(405, "Use " + method + " here.").with("Allow", method);
  }

  private WebResponse refusal(
      WebRequest request, int status, String title, String sentence, String remedy) {
    boolean program =
        Stream.of("/jira/", "/rest/", "/oauth/", Site.ONBEHALF_PATH + "/")
            .anyMatch(request.path()::startsWith);
    return program
        ? Json.error(status, sentence)
        : pages.error(request, status, title, sentence, remedy);
  }

  @Override
  public void close() {
    web.close();
  }
}
