package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.jira.Jira;
import dev.onbehalf.server.jira.QueueStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/receive/queue}: what the linked Jira is still to be told, and what was given up. */
final class ReceiveQueueApi {
  private final Jira jira;
  private final AuditTrail audit;
  private final InstantSource clock;

  ReceiveQueueApi(Jira jira, AuditTrail audit, InstantSource clock) {
    this.jira = jira;
    this.audit = audit;
    this.clock = clock;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/receive/queue", this::show)
        .on("POST", "/api/receive/queue/retry", this::retry);
  }

  private JsonNode show(AdminRequest request) {
    QueueStatus status = jira.status();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("links", status.links())
            .put("waiting", status.waiting())
            .put("unknownIssues", status.unknownIssues())
            .put("parked", status.parked())
            .put("oldest", text(status.oldest()))
            .put("lastSent", text(status.lastSent()))
            .put("failure", status.failure())
            .put("pausedUntil", text(status.pausedUntil()));
    ArrayNode parked = json.putArray("parkedLinks");
    status
        .parkedLinks()
        .forEach(
            link ->
                parked
                    .addObject()
                    .put("id", link.id())
                    .put("issue", link.issueKey())
                    .put("title", link.title())
                    .put("reason", link.reason())
                    .put("since", text(link.since())));
    return json;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private JsonNode retry(AdminRequest request) {
    request.onlyFields(Set.of("id"));
    JsonNode id = request.body().path("id");
    if (!id.isMissingNode() && !id.canConvertToLong()) {
      throw AdminException.badRequest("'id' must be the number of a link that was given up.");
    }
    int retried = jira.retry(id.isMissingNode() ? null : id.longValue());
    if (retried == 0 && !id.isMissingNode()) {
      throw AdminException.notFound("link that was given up with the id", id.asString());
    }
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "jira-retry", Outcome.ALLOWED)
            .person(Administration.ACTOR)
            .detail("Links of issues tried again: " + retried + ".")
            .build());
    return JsonNodeFactory.instance.objectNode().put("retried", retried);
  }
}
