package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditVerifier;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/audit/verify}: recomputes the audit chain in the background, one run at a time, since
 * a long trail takes longer than a request may.
 */
final class AuditVerificationApi {
  private static final Logger LOG = LoggerFactory.getLogger(AuditVerificationApi.class);

  private final AuditVerifier verifier;
  private final InstantSource clock;
  private ObjectNode state = state("none");
  private boolean running;

  AuditVerificationApi(AuditVerifier verifier, InstantSource clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  void addTo(AdminRouter router) {
    router
        .on("POST", "/api/audit/verify", request -> start())
        .on("GET", "/api/audit/verify", request -> current());
  }

  /** Starts a run, or joins the one that is under way. */
  private synchronized JsonNode start() {
    if (!running) {
      running = true;
      state = state("running").put("done", 0L).put("total", 0L);
      Thread thread = new Thread(this::run, "audit-verify");
      thread.setDaemon(true);
      thread.start();
    }
    return state;
  }

  private synchronized JsonNode current() {
    return state;
  }

  private void run() {
    ObjectNode end;
    try {
      AuditVerifier.Report report =
          verifier.verify(
              (done, total) -> set(state("running").put("done", done).put("total", total), true));
      end = describe(report);
    } catch (RuntimeException e) {
      LOG.error("The audit trail could not be verified.", e);
      end = state("failed").put("fault", "The trail could not be read; the server's log says why.");
    }
    set(end, false);
  }

  private ObjectNode describe(AuditVerifier.Report report) {
    @Nullable String fault = report.fault();
    if (fault != null) {
      LOG.error("The audit trail is not as it was written: {}", fault);
    }
    return state("done")
        .put("sound", fault == null)
        .put("fault", fault)
        .put("records", report.records())
        .put("firstId", report.firstId())
        .put("lastId", report.lastId())
        .put("lastHash", report.lastHash())
        .put("at", clock.instant().toString());
  }

  /** What is shown is replaced as a whole, never changed. */
  private synchronized void set(ObjectNode next, boolean stillRunning) {
    state = next;
    running = stillRunning;
  }

  private static ObjectNode state(String name) {
    return JsonNodeFactory.instance.objectNode().put("state", name);
  }
}
