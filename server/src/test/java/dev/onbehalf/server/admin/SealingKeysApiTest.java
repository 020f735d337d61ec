package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.store.Database.Dialect;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class SealingKeysApiTest {
  private static final String ROTATE = "/api/keys/sealing/rotate";

  private final AdminRequests requests = new AdminRequests();
  private final TestDatabase database = TestDatabase.create(Dialect.H2);
  private final List<AuditEvent> audited = new ArrayList<>();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void rotateWhenOneNodeHasTheDatabaseThenTheNewKeySealsAtOnce() {
    serve(Dialect.H2);

    JsonNode rotated = requests.post(ROTATE, "{}");

    assertThat(rotated.path("step").asString()).isEqualTo("rotated");
    assertThat(states(rotated)).containsExactly("earlier", "active");
    assertThat(audited)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo("sealing-key-rotate");
              assertThat(event.person()).isEqualTo("administrator");
            });
  }

  @Test
  void rotateWhenNodesShareTheDatabaseThenPublishedBeforeUsed() {
    serve(Dialect.POSTGRESQL);
    assertThat(requests.send("POST", ROTATE, "{\"activate\": true}").status()).isEqualTo(409);
    assertThat(audited).isEmpty();

    assertThat(states(requests.post(ROTATE, "{}"))).containsExactly("active", "published");
    assertThat(states(requests.post(ROTATE, "{}"))).containsExactly("active", "published");
    assertThat(states(requests.post(ROTATE, "{\"activate\": true}")))
        .containsExactly("earlier", "active");
    assertThat(states(requests.get("/api/keys/sealing"))).containsExactly("earlier", "active");
    assertThat(audited).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"activated\": true}", "{\"activate\": 1}", "[]"})
  void rotateWhenTheBodyIsWrongThen400AndNothingChanges(String body) {
    serve(Dialect.POSTGRESQL);

    assertThat(requests.send("POST", ROTATE, body).status()).isEqualTo(400);
    assertThat(states(requests.get("/api/keys/sealing"))).containsExactly("active");
  }

  private void serve(Dialect dialect) {
    TinkSealer sealer = TinkSealer.open(database.database(), database.dataDirectory());
    new SealingKeysApi(sealer, dialect, audited::add, InstantSource.fixed(Instant.EPOCH))
        .addTo(requests.router());
  }

  private static List<String> states(JsonNode json) {
    List<String> states = new ArrayList<>();
    json.path("keys").forEach(key -> states.add(key.path("state").asString()));
    return states;
  }
}
