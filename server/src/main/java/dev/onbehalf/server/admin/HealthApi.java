package dev.onbehalf.server.admin;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.monitor.CheckState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/health}: whether each part does its work now, and what the scheduled checks found
 * last; a POST runs those first.
 */
final class HealthApi {
  private static final Logger LOG = LoggerFactory.getLogger(HealthApi.class);
  private static final int CONNECT_MILLIS = 2000;

  private final Administration.Parts parts;

  HealthApi(Administration.Parts parts) {
    this.parts = parts;
  }

  /**
   * Throws with one sentence if the part does not do its work; else returns what there is to say.
   */
  @FunctionalInterface
  private interface Check {
    String run() throws IOException;
  }

  void addTo(AdminRouter router) {
    router.on("GET", "/api/health", request -> check()).on("POST", "/api/health", this::run);
  }

  private JsonNode run(AdminRequest request) {
    request.onlyFields(Set.of());
    if (parts.configuration().monitor().interval() == null) {
      throw new AdminException(
          409, "The scheduled checks are switched off; set the option monitor.checks to on.");
    }
    parts.watch().runNow();
    return check();
  }

  private JsonNode check() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode checks = json.putArray("checks");
    boolean healthy = add(checks, "database", this::database);
    healthy &= add(checks, "audit trail", this::auditTrail);
    healthy &= add(checks, "people", () -> parts.users().list().size() + " people");
    for (ApplicationConfig application : parts.configuration().applications()) {
      healthy &= add(checks, "upstream " + application.name(), () -> upstream(application));
    }
    for (CheckState state : parts.watch().states()) {
      healthy &= state.healthy();
      checks
          .addObject()
          .put("name", state.name())
          .put("healthy", state.healthy())
          .put("detail", state.sentence())
          .put("since", state.since().toString())
          .put("checked", state.checked().toString())
          .put("tookMillis", state.tookMillis());
    }
    return json.put("healthy", healthy);
  }

  private static boolean add(ArrayNode checks, String name, Check check) {
    ObjectNode json = checks.addObject().put("name", name);
    try {
      json.put("healthy", true).put("detail", check.run());
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("Health check '{}' failed: {}", name, e.getMessage());
      json.put("healthy", false).put("detail", e.getMessage());
      return false;
    }
  }

  private String database() {
    parts
        .database()
        .execute(handle -> handle.execute("UPDATE instance SET name = name WHERE 1 = 0"));
    return parts.database().dialect().name();
  }

  private String auditTrail() throws IOException {
    long lost = parts.auditTrail().lost();
    if (lost > 0) {
      throw new IOException(lost + " events were lost since the start; the log says when and why.");
    }
    return "nothing lost since the start";
  }

  private static String upstream(ApplicationConfig application) throws IOException {
    URI upstream = application.upstream();
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(upstream.getHost(), application.upstreamPort()), CONNECT_MILLIS);
    } catch (IOException e) {
      throw new IOException(
          upstream + " cannot be reached (" + e.getMessage() + "): start it, or correct its URL.",
          e);
    }
    return upstream.toString();
  }
}
