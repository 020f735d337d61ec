package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditVerifier;
import dev.onbehalf.server.audit.JdbiAuditStore;
import dev.onbehalf.server.audit.JdbiAuditTrail;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;

final class AuditVerificationApiTest {
  private static final Instant NOW = Instant.parse("2026-01-31T09:00:00Z");

  private final AdminRequests requests = new AdminRequests();

  @OnEachDatabase
  void verifyWhenTheTrailIsSoundThenSaidWithItsNewestHash(TestDatabase database) {
    serve(database);
    assertThat(requests.get("/api/audit/verify").path("state").asString()).isEqualTo("none");

    JsonNode report = verify();

    assertThat(report.path("sound").asBoolean()).isTrue();
    assertThat(report.path("fault").isNull()).isTrue();
    assertThat(report.path("records").asLong()).isEqualTo(3);
    assertThat(report.path("lastId").asLong()).isEqualTo(3);
    assertThat(report.path("lastHash").asString()).hasSize(64);
    assertThat(report.path("at").asString()).isEqualTo("2026-01-31T09:00:00Z");
  }

  @OnEachDatabase
  void verifyWhenARecordWasAlteredThenItIsNamed(TestDatabase database) {
    serve(database);
    database
        .database()
        .execute(
            handle -> handle.execute("UPDATE audit_event SET person = 'mallory' WHERE id = 2"));

    JsonNode report = verify();

    assertThat(report.path("sound").asBoolean()).isFalse();
    assertThat(report.path("fault").asString()).contains("Record 2 was altered");
  }

  @OnEachDatabase
  void verifyWhenTheDatabaseIsGoneThenFailedWithoutItsMessage(TestDatabase database) {
    serve(database);
    database.database().close();

    JsonNode report = verify();

    assertThat(report.path("state").asString()).isEqualTo("failed");
    assertThat(report.path("fault").asString()).contains("the server's log");
  }

  private void serve(TestDatabase database) {
    TinkSealer sealer = TinkSealer.open(database.database(), database.dataDirectory());
    JdbiAuditStore store = new JdbiAuditStore(database.database(), sealer);
    try (JdbiAuditTrail trail = new JdbiAuditTrail(store)) {
      for (int i = 0; i < 3; i++) {
        trail.record(AuditEvent.builder(NOW, "r" + i, "request", Outcome.ALLOWED).build());
      }
    }
    new AuditVerificationApi(
            new AuditVerifier(database.database(), sealer), InstantSource.fixed(NOW))
        .addTo(requests.router());
  }

  private JsonNode verify() {
    JsonNode state = requests.post("/api/audit/verify", "{}");
    while (state.path("state").asString().equals("running")) {
      Thread.onSpinWait();
      state = requests.get("/api/audit/verify");
    }
    return state;
  }
}
