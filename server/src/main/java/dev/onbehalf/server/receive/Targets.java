package dev.onbehalf.server.receive;

import dev.onbehalf.server.receive.IssueChanges.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Keeps which pipelines and environments did something for which issues, where that is wanted. */
final class Targets {
  static final String LATEST =
      "SELECT e.kind, e.document, e.updated_ms, c.client_id FROM received_target t"
          + " JOIN received_entity e ON e.id = t.entity_id"
          + " JOIN receive_credential c ON c.id = e.credential_id"
          + " WHERE t.target = :target AND t.issue_key = :key AND NOT c.erase"
          + " ORDER BY t.updated_ms DESC, t.entity_id DESC LIMIT 1";

  private final IssueChanges changes;

  Targets(IssueChanges changes) {
    this.changes = changes;
  }

  /** Notes what entities are about now, and tells what they were about and are about now. */
  void written(Handle handle, long credential, Map<Long, Received> written, Instant now) {
    if (!changes.wanted()) {
      return;
    }
    Set<Target> changed = new LinkedHashSet<>(of(handle, written.keySet()));
    if (!changed.isEmpty()) {
      handle
          .createUpdate("DELETE FROM received_target WHERE entity_id IN (<ids>)")
          .bindList("ids", List.copyOf(written.keySet()))
          .execute();
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO received_target (entity_id, issue_key, target, updated_ms) VALUES (:id,"
                + " :key, :target, :updated)");
    written.forEach(
        (id, entity) -> {
          String target = target(credential, entity);
          if (target != null) {
            for (String key : entity.issueKeys()) {
              batch
                  .bind("id", id)
                  .bind("key", key)
                  .bind("target", target)
                  .bind("updated", entity.updatedMillis())
                  .add();
              changed.add(new Target(target, key));
            }
          }
        });
    if (batch.size() > 0) {
      batch.execute();
    }
    Set<String> absent = new HashSet<>();
    written.values().forEach(entity -> absent.addAll(entity.absentKeys()));
    tell(handle, credential, changed, absent, now);
  }

  /** Returns what an entity is about; null for what is neither a build nor a deployment. */
  private static @Nullable String target(long credential, Received entity) {
    Facets facets = entity.facets();
    if (facets == null) {
      return null;
    }
    Facets.Environment environment = facets.environment();
    String place = environment == null ? facets.pipeline() : environment.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Intake.digest(List.of(Long.toString(credential), entity.kind(), place)));
  }

  /** Returns what entities are about; nothing where it is not wanted. */
  List<Target> of(Handle handle, Collection<Long> entities) {
    if (!changes.wanted() || entities.isEmpty()) {
      return List.of();
    }
    Query query =
        handle
            .createQuery(
                "SELECT DISTINCT target, issue_key FROM received_target WHERE entity_id IN (<ids>)")
            .bindList("ids", new ArrayList<>(entities));
    return query
        .map((row, context) -> new Target(row.getString("target"), row.getString("issue_key")))
        .list();
  }

  /** Tells that entities are gone. */
  void tell(Handle handle, long credential, Collection<Target> changed, Instant now) {
    tell(handle, credential, changed, Set.of(), now);
  }

  private void tell(
      Handle handle, long credential, Collection<Target> changed, Set<String> absent, Instant now) {
    if (!changed.isEmpty()) {
      changes.changed(handle, credential, changed, absent, now);
    }
  }

  static Optional<Latest> latest(Handle handle, Target target) {
    return handle
        .createQuery(LATEST)
        .bind("target", target.target())
        .bind("key", target.issueKey())
        .map(
            (row, context) ->
                new Latest(
                    row.getString("kind").equals("deployments"),
                    Json.stored(row.getBytes("document")),
                    Instant.ofEpochMilli(row.getLong("updated_ms")),
                    row.getString("client_id")))
        .findOne();
  }
}
