package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditQuery;
import dev.onbehalf.server.audit.AuditRecord;
import dev.onbehalf.server.audit.JdbiAuditStore;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code /api/audit}: the audit trail. */
final class AuditApi {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MOST = 1000;

  private final JdbiAuditStore store;

  AuditApi(JdbiAuditStore store) {
    this.store = store;
  }

  void addTo(AdminRouter router) {
    router.on("GET", "/api/audit", this::find);
  }

  private JsonNode find(AdminRequest request) {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    store
        .find(
            new AuditQuery(
                request.queryValue("person").orElse(null),
                request.queryValue("consumer").orElse(null),
                request.queryValue("application").orElse(null),
                request.queryValue("outcome").map(AuditApi::outcome).orElse(null),
                request.queryValue("request").orElse(null),
                request.queryInstant("since").orElse(null),
                request.queryInstant("until").orElse(null),
                request.queryValue("after").map(AuditApi::id).orElse(null),
                Math.max(1, request.queryNumber("limit", DEFAULT_LIMIT, MOST))))
        .forEach(record -> add(found, record));
    return found;
  }

  private static void add(ArrayNode found, AuditRecord record) {
    AuditEvent event = record.event();
    found
        .addObject()
        .put("id", record.id())
        .put("at", event.at().toString())
        .put("requestId", event.requestId())
        .put("action", event.action())
        .put("outcome", event.outcome().name())
        .put("consumer", event.consumer())
        .put("person", event.person())
        .put("actedAs", event.actedAs())
        .put("application", event.application())
        .put("method", event.method())
        .put("path", event.path())
        .put("problem", event.problem())
        .put("detail", event.detail())
        .put("remoteAddress", event.remoteAddress());
  }

  private static Long id(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw AdminException.badRequest("'after' must be the id of a record.");
    }
  }

  private static AuditEvent.@Nullable Outcome outcome(String text) {
    try {
      return AuditEvent.Outcome.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw AdminException.badRequest("'outcome' must be allowed, refused or failed.");
    }
  }
}
