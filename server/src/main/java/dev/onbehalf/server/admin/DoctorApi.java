package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.diagnosis.Doctor;
import dev.onbehalf.server.diagnosis.SetupFinding;
import dev.onbehalf.server.diagnosis.SetupFinding.Severity;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/doctor}: looks at the administrator's own set-up, one run at a time. */
final class DoctorApi {
  private static final Logger LOG = LoggerFactory.getLogger(DoctorApi.class);

  private final Supplier<List<Doctor.Check>> checks;
  private final AuditTrail audit;
  private final InstantSource clock;
  private ObjectNode state = state("none");
  private boolean running;

  DoctorApi(Supplier<List<Doctor.Check>> checks, AuditTrail audit, InstantSource clock) {
    this.checks = checks;
    this.audit = audit;
    this.clock = clock;
  }

  void addTo(AdminRouter router) {
    router.on("POST", "/api/doctor", this::start).on("GET", "/api/doctor", request -> current());
  }

  private synchronized JsonNode start(AdminRequest request) {
    if (running) {
      throw new AdminException(
          409, "The doctor is at work already; wait until that run has ended, 20 seconds at most.");
    }
    List<Doctor.Check> planned = checks.get();
    running = true;
    state = state("running").put("done", 0).put("total", planned.size());
    Thread thread = new Thread(() -> run(planned, request.id()), "doctor-run");
    thread.setDaemon(true);
    thread.start();
    return state;
  }

  private synchronized JsonNode current() {
    return state;
  }

  private void run(List<Doctor.Check> planned, String requestId) {
    ObjectNode end = state("failed").put("fault", "The doctor was interrupted.");
    try {
      List<SetupFinding> findings =
          Doctor.examine(
              planned,
              (done, total) -> set(state("running").put("done", done).put("total", total), true));
      end = describe(findings);
      record(requestId, findings);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("The doctor failed.", e);
      end = state("failed").put("fault", "The doctor failed; the server's log says why.");
    } finally {
      set(end, false);
    }
  }

  private void record(String requestId, List<SetupFinding> findings) {
    audit.record(
        AuditEvent.builder(clock.instant(), requestId, "doctor", Outcome.ALLOWED)
            .person(Administration.ACTOR)
            .detail(
                "The set-up was examined: "
                    + count(findings, Severity.FAULT)
                    + " faults, "
                    + count(findings, Severity.WARNING)
                    + " warnings.")
            .build());
  }

  private ObjectNode describe(List<SetupFinding> findings) {
    ObjectNode json = state("done").put("at", clock.instant().toString());
    json.set("findings", SetupFinding.json(findings));
    return json;
  }

  private static long count(List<SetupFinding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
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
