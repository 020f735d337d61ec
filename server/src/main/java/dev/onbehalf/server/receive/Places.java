package dev.onbehalf.server.receive;

import dev.onbehalf.server.receive.Facets.Environment;
import dev.onbehalf.server.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pipelines and environments of each sender, and which of them belong together. Its
 * writers hold the lock of the credential's row.
 */
final class Places {
  static final String PIPELINES =
      "SELECT id, pipeline_id AS named, described_ms FROM received_pipeline"
          + " WHERE pipeline_id IN (<names>) AND credential_id = :credential";
  static final String ENVIRONMENTS =
      "SELECT id, environment_id AS named, described_ms FROM received_environment"
          + " WHERE environment_id IN (<names>) AND credential_id = :credential";
  static final String PAIRS =
      "SELECT environment_ref, pipeline_ref FROM received_place"
          + " WHERE environment_ref IN (<environments>) AND pipeline_ref IN (<pipelines>)";

  private static final String NEW_PIPELINE =
      "INSERT INTO received_pipeline (credential_id, pipeline_id, name, folded_id, folded_name,"
          + " described_ms) VALUES (:credential, :named, :name, :foldedId, :foldedName,"
          + " :described)";
  private static final String NEW_ENVIRONMENT =
      "INSERT INTO received_environment (credential_id, environment_id, name, type, folded_id,"
          + " folded_name, described_ms) VALUES (:credential, :named, :name, :type, :foldedId,"
          + " :foldedName, :described)";
  private static final String PIPELINE_AGAIN =
      "UPDATE received_pipeline SET name = :name, folded_name = :foldedName,"
          + " described_ms = :described WHERE id = :id";
  private static final String ENVIRONMENT_AGAIN =
      "UPDATE received_environment SET name = :name, type = :type, folded_name = :foldedName,"
          + " described_ms = :described WHERE id = :id";
  private static final long NOT_DESCRIBED = -1;

  private Places() {}

  /** Where an entity belongs, by our own numbers; null for what has no such thing. */
  record Refs(@Nullable Long pipeline, @Nullable Long environment) {
    static final Refs NONE = new Refs(null, null);
  }

  private record Description(String name, String type, long millis) {
    static Description later(Description one, Description two) {
      return two.millis >= one.millis ? two : one;
    }
  }

  private record Row(long id, String named, long described) {}

  private record Pair(long environment, long pipeline) {}

  /** Finds or makes the pipelines and environments of what is about to be written. */
  static Map<Received, Refs> resolve(
      Handle handle, long credential, Collection<Received> entities) {
    Map<String, Description> pipelines = new LinkedHashMap<>();
    Map<String, Description> environments = new LinkedHashMap<>();
    for (Received entity : entities) {
      Facets facets = entity.facets();
      if (facets != null) {
        String name = facets.pipelineName();
        pipelines.merge(
            facets.pipeline(),
            name == null
                ? new Description(facets.pipeline(), "", NOT_DESCRIBED)
                : new Description(name, "", entity.updatedMillis()),
            Description::later);
        Environment environment = facets.environment();
        if (environment != null) {
          environments.merge(
              environment.id(),
              new Description(environment.name(), environment.type(), entity.updatedMillis()),
              Description::later);
        }
      }
    }
    if (pipelines.isEmpty()) {
      return Map.of();
    }
    Map<String, Long> pipelineRefs =
        refs(handle, credential, pipelines, PIPELINES, NEW_PIPELINE, PIPELINE_AGAIN);
    Map<String, Long> environmentRefs =
        refs(handle, credential, environments, ENVIRONMENTS, NEW_ENVIRONMENT, ENVIRONMENT_AGAIN);
    Map<Received, Refs> all = new HashMap<>();
    for (Received entity : entities) {
      Facets facets = entity.facets();
      if (facets != null) {
        Environment environment = facets.environment();
        all.put(
            entity,
            new Refs(
                pipelineRefs.get(facets.pipeline()),
                environment == null ? null : environmentRefs.get(environment.id())));
      }
    }
    addPairs(handle, all.values());
    return all;
  }

  private static Map<String, Long> refs(
      Handle handle,
      long credential,
      Map<String, Description> described,
      String find,
      String insert,
      String update) {
    Map<String, Long> refs = new HashMap<>();
    if (described.isEmpty()) {
      return refs;
    }
    Map<String, Description> missing = new LinkedHashMap<>(described);
    boolean typed = insert.equals(NEW_ENVIRONMENT);
    PreparedBatch again = handle.prepareBatch(update);
    handle
        .createQuery(find)
        .bindList("names", List.copyOf(described.keySet()))
        .bind("credential", credential)
        .map(
            (row, context) ->
                new Row(row.getLong("id"), row.getString("named"), row.getLong("described_ms")))
        .forEach(
            row -> {
              refs.put(row.named(), row.id());
              Description description = missing.remove(row.named());
              if (description != null
                  && description.millis() != NOT_DESCRIBED
                  && description.millis() >= row.described()) {
                describe(again.bind("id", row.id()), description, typed).add();
              }
            });
    if (again.size() > 0) {
      again.execute();
    }
    if (!missing.isEmpty()) {
      PreparedBatch fresh = handle.prepareBatch(insert);
      missing.forEach(
          (named, description) ->
              describe(fresh, description, typed)
                  .bind("credential", credential)
                  .bind("named", named)
                  .bind("foldedId", folded(named))
                  .add());
      List<Long> ids = fresh.executePreparedBatch("id").mapTo(Long.class).list();
      int next = 0;
      for (String named : missing.keySet()) {
        refs.put(named, ids.get(next++));
      }
    }
    return refs;
  }

  private static PreparedBatch describe(
      PreparedBatch batch, Description description, boolean typed) {
    batch
        .bind("name", description.name())
        .bind("foldedName", folded(description.name()))
        .bind("described", description.millis());
    return typed ? batch.bind("type", description.type()) : batch;
  }

  private static void addPairs(Handle handle, Collection<Refs> refs) {
    Set<Pair> pairs = new HashSet<>();
    Set<Long> environments = new HashSet<>();
    Set<Long> pipelines = new HashSet<>();
    for (Refs each : refs) {
      Long environment = each.environment();
      Long pipeline = each.pipeline();
      if (environment != null && pipeline != null) {
        pairs.add(new Pair(environment, pipeline));
        environments.add(environment);
        pipelines.add(pipeline);
      }
    }
    if (pairs.isEmpty()) {
      return;
    }
    handle
        .createQuery(PAIRS)
        .bindList("environments", List.copyOf(environments))
        .bindList("pipelines", List.copyOf(pipelines))
        .map(
            (row, context) -> new Pair(row.getLong("environment_ref"), row.getLong("pipeline_ref")))
        .forEach(pairs::remove);
    if (!pairs.isEmpty()) {
      PreparedBatch batch =
          handle.prepareBatch(
              "INSERT INTO received_place (environment_ref, pipeline_ref)"
                  + " VALUES (:environment, :pipeline)");
      pairs.forEach(
          pair ->
              batch
                  .bind("environment", pair.environment())
                  .bind("pipeline", pair.pipeline())
                  .add());
      batch.execute();
    }
  }

  /** Returns how a name is compared: without case. */
  static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Forgets pipelines and environments whose last build or deployment was deleted. */
  static long forgetUnused(Database database) {
    List<Long> credentials = new ArrayList<>();
    credentials.addAll(
        database.read(
            handle ->
                handle
                    .createQuery("SELECT id FROM receive_credential ORDER BY id")
                    .mapTo(Long.class)
                    .list()));
    long forgotten = 0;
    for (long credential : credentials) {
      forgotten += database.write(handle -> forgetUnused(handle, credential));
    }
    return forgotten;
  }

  private static int forgetUnused(Handle handle, long credential) {
    handle
        .createQuery("SELECT id FROM receive_credential WHERE id = ? FOR UPDATE")
        .bind(0, credential)
        .mapTo(Long.class)
        .findOne();
    return handle.execute(
            "DELETE FROM received_environment WHERE credential_id = ? AND NOT EXISTS (SELECT 1"
                + " FROM received_entity e WHERE e.environment_ref = received_environment.id)",
            credential)
        + handle.execute(
            "DELETE FROM received_pipeline WHERE credential_id = ? AND NOT EXISTS (SELECT 1"
                + " FROM received_entity e WHERE e.pipeline_ref = received_pipeline.id)",
            credential);
  }
}
