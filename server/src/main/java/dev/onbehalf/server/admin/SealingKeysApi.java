package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.store.TinkSealer.SealingKey;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/keys/sealing}: the keys that seal the secrets in the database. */
final class SealingKeysApi {
  private final TinkSealer sealer;
  private final boolean shared;
  private final AuditTrail audit;
  private final InstantSource clock;

  SealingKeysApi(
      TinkSealer sealer, Database.Dialect dialect, AuditTrail audit, InstantSource clock) {
    this.sealer = sealer;
    this.shared = dialect == Database.Dialect.POSTGRESQL;
    this.audit = audit;
    this.clock = clock;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/keys/sealing", request -> show())
        .on("POST", "/api/keys/sealing/rotate", this::rotate);
  }

  private JsonNode show() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("shared", shared);
    ArrayNode all = json.putArray("keys");
    for (SealingKey key : sealer.keys()) {
      all.addObject()
          .put("id", Integer.toUnsignedLong(key.id()))
          .put("state", key.state().name().toLowerCase(Locale.ROOT));
    }
    return json;
  }

  /** One step where one node has the database to itself, two where the keyset must be copied. */
  private JsonNode rotate(AdminRequest request) {
    request.onlyFields(Set.of("activate"));
    boolean activate = request.flag("activate", false);
    String step = !shared ? "rotated" : activate ? "activated" : "published";
    if (!shared) {
      sealer.rotate();
    } else if (activate) {
      try {
        sealer.activate();
      } catch (IllegalStateException e) {
        throw new AdminException(409, Objects.requireNonNull(e.getMessage()));
      }
    } else {
      sealer.publish();
    }
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "sealing-key-rotate", Outcome.ALLOWED)
            .person(Administration.ACTOR)
            .detail("A sealing key was " + step + ".")
            .build());
    return ((ObjectNode) show()).put("step", step);
  }
}
