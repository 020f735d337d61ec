package dev.onbehalf.server.receive;

import dev.onbehalf.server.receive.Places.Refs;
import dev.onbehalf.server.store.Database;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/**
 * Keeps what was received. Writers of one credential take turns by the lock of its row, so that the
 * rule of sequence numbers needs no more than one look at what is there.
 */
final class JdbiEntityStore {
  static final String BY_IDENTITY =
      "SELECT id, identity, sequence_number FROM received_entity WHERE credential_id = :credential"
          + " AND kind = :kind AND identity IN (<identities>)";
  static final String PARTS =
      "SELECT p.document FROM received_entity e JOIN received_entity p ON p.parent_id = e.id AND"
          + " p.kind = :part WHERE e.credential_id = :credential AND e.kind = :kind AND"
          + " e.identity = :identity ORDER BY p.updated_ms DESC LIMIT :limit";

  private static final int DELETED_AT_ONCE = 500;

  private final Database database;
  private final Targets targets;

  /**
   * Finds what has all of so many properties, the first some of them: by one, and then whether it
   * has the others, so that the index gives them one by one.
   */
  static String byProperties(int count) {
    StringBuilder sql =
        new StringBuilder("SELECT p.entity_id FROM received_property p WHERE p.digest = :digest0");
    for (int i = 1; i < count; i++) {
      sql.append(" AND EXISTS (SELECT 1 FROM received_property o WHERE o.entity_id = p.entity_id")
          .append(" AND o.digest = :digest")
          .append(i)
          .append(')');
    }
    return sql.append(" LIMIT :limit").toString();
  }

  private static List<Long> withProperties(Handle handle, List<byte[]> digests, int limit) {
    Query query = handle.createQuery(byProperties(digests.size())).bind("limit", limit);
    for (int i = 0; i < digests.size(); i++) {
      query.bind("digest" + i, digests.get(i));
    }
    return query.mapTo(Long.class).list();
  }

  JdbiEntityStore(Database database) {
    this(database, IssueChanges.NONE);
  }

  JdbiEntityStore(Database database, IssueChanges changes) {
    this.database = database;
    targets = new Targets(changes);
  }

  /**
   * Writes entities, all or none; what is not newer than what is there is passed over. A part comes
   * after the entity it belongs to.
   *
   * @param entities each of another identity, those of one kind in a row
   * @return false if the credential no longer counts, and nothing was written
   */
  boolean write(long credential, List<Received> entities, Instant now) {
    return database.write(
        handle -> {
          if (!lock(handle, credential, now)) {
            return false;
          }
          Map<ByteBuffer, Long> ids = new HashMap<>();
          for (int from = 0; from < entities.size(); ) {
            String kind = entities.get(from).kind();
            int to = from + 1;
            while (to < entities.size() && entities.get(to).kind().equals(kind)) {
              to++;
            }
            writeLocked(handle, credential, kind, entities.subList(from, to), ids, now);
            from = to;
          }
          handle.execute(
              "UPDATE receive_credential SET last_used_ms = ? WHERE id = ?",
              now.toEpochMilli(),
              credential);
          return true;
        });
  }

  private static boolean lock(Handle handle, long credential, Instant now) {
    return handle
        .createQuery(
            "SELECT id FROM receive_credential WHERE id = :id AND enabled AND deleted_ms IS NULL"
                + " AND (expires_ms IS NULL OR expires_ms > :now) FOR UPDATE")
        .bind("id", credential)
        .bind("now", now.toEpochMilli())
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  private record Row(long id, long sequenceNumber) {}

  private void writeLocked(
      Handle handle,
      long credential,
      String kind,
      List<Received> entities,
      Map<ByteBuffer, Long> ids,
      Instant now) {
    Map<ByteBuffer, Row> known = new HashMap<>();
    handle
        .createQuery(BY_IDENTITY)
        .bind("credential", credential)
        .bind("kind", kind)
        .bindList("identities", entities.stream().map(Received::identity).toList())
        .map(
            (row, context) ->
                Map.entry(
                    ByteBuffer.wrap(row.getBytes("identity")),
                    new Row(row.getLong("id"), row.getLong("sequence_number"))))
        .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
    Map<Long, Received> written = new LinkedHashMap<>();
    List<Received> fresh = new ArrayList<>();
    for (Received entity : entities) {
      Row row = known.get(ByteBuffer.wrap(entity.identity()));
      if (row == null) {
        fresh.add(entity);
      } else if (entity.sequenceNumber() > row.sequenceNumber()) {
        written.put(row.id(), entity);
      }
    }
    List<Received> counting = new ArrayList<>(written.values());
    counting.addAll(fresh);
    Map<Received, Refs> refs = Places.resolve(handle, credential, counting);
    update(handle, written, refs, now);
    insert(handle, credential, fresh, ids, refs, now, written);
    details(handle, kind, refs, written);
    targets.written(handle, credential, written, now);
    known.forEach((identity, row) -> ids.put(identity, row.id()));
    written.forEach((id, entity) -> ids.put(ByteBuffer.wrap(entity.identity()), id));
  }

  /** Binds what it can be looked for by; nothing for what is found by its issues alone. */
  private static PreparedBatch facets(PreparedBatch batch, Received entity, Refs refs) {
    Facets facets = entity.facets();
    return batch
        .bind("pipeline", refs.pipeline())
        .bind("environment", refs.environment())
        .bind("run", facets == null ? null : (Long) facets.number())
        .bind("state", facets == null ? null : facets.state());
  }

  private static void update(
      Handle handle, Map<Long, Received> changed, Map<Received, Refs> refs, Instant now) {
    if (changed.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE received_entity SET sequence_number = :number, updated_ms = :updated,"
                + " received_ms = :received, document = :document, pipeline_ref = :pipeline,"
                + " environment_ref = :environment, run_number = :run, state = :state"
                + " WHERE id = :id");
    changed.forEach(
        (id, entity) ->
            facets(batch, entity, refs.getOrDefault(entity, Refs.NONE))
                .bind("id", id)
                .bind("number", entity.sequenceNumber())
                .bind("updated", entity.updatedMillis())
                .bind("received", now.toEpochMilli())
                .bind("document", entity.document())
                .add());
    batch.execute();
    for (String table : List.of("received_issue", "received_property")) {
      handle
          .createUpdate("DELETE FROM " + table + " WHERE entity_id IN (<ids>)")
          .bindList("ids", List.copyOf(changed.keySet()))
          .execute();
    }
  }

  private static void insert(
      Handle handle,
      long credential,
      List<Received> fresh,
      Map<ByteBuffer, Long> parents,
      Map<Received, Refs> refs,
      Instant now,
      Map<Long, Received> written) {
    if (fresh.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO received_entity (credential_id, kind, identity, parent_id,"
                + " sequence_number, updated_ms, received_ms, document, pipeline_ref,"
                + " environment_ref, run_number, state) VALUES (:credential, :kind, :identity,"
                + " :parent, :number, :updated, :received, :document, :pipeline, :environment,"
                + " :run, :state)");
    for (Received entity : fresh) {
      facets(batch, entity, refs.getOrDefault(entity, Refs.NONE))
          .bind("credential", credential)
          .bind("kind", entity.kind())
          .bind("identity", entity.identity())
          .bind(
              "parent",
              entity.parent() == null ? null : parents.get(ByteBuffer.wrap(entity.parent())))
          .bind("number", entity.sequenceNumber())
          .bind("updated", entity.updatedMillis())
          .bind("received", now.toEpochMilli())
          .bind("document", entity.document())
          .add();
    }
    List<Long> ids = batch.executePreparedBatch("id").mapTo(Long.class).list();
    for (int i = 0; i < fresh.size(); i++) {
      written.put(ids.get(i), fresh.get(i));
    }
  }

  private static void details(
      Handle handle, String kind, Map<Received, Refs> refs, Map<Long, Received> written) {
    PreparedBatch issues =
        handle.prepareBatch(
            "INSERT INTO received_issue (entity_id, issue_key, kind, updated_ms, project,"
                + " environment_ref, deployed, issue_number, deployed_key, deployed_project)"
                + " VALUES (:id, :key, :kind, :updated, :project, :environment, :deployed,"
                + " :issueNumber, :deployedKey, :deployedProject)");
    PreparedBatch properties =
        handle.prepareBatch(
            "INSERT INTO received_property (entity_id, digest) VALUES (:id, :digest)");
    written.forEach(
        (id, entity) -> {
          Facets facets = entity.facets();
          Long environment = refs.getOrDefault(entity, Refs.NONE).environment();
          for (String key : entity.issueKeys()) {
            IssueNumber issue = IssueNumber.of(key);
            issues
                .bind("project", issue.project())
                .bind("issueNumber", issue.number())
                .bind("environment", environment)
                .bind("deployedKey", environment == null ? null : key)
                .bind("deployedProject", environment == null ? null : issue.project())
                .bind("deployed", facets != null && facets.deployed())
                .bind("id", id)
                .bind("key", key)
                .bind("kind", kind)
                .bind("updated", entity.updatedMillis())
                .add();
          }
          for (byte[] digest : entity.properties()) {
            properties.bind("id", id).bind("digest", digest).add();
          }
        });
    if (issues.size() > 0) {
      issues.execute();
    }
    if (properties.size() > 0) {
      properties.execute();
    }
  }

  /** Returns the JSON of the parts of an entity of this credential, the latest first. */
  List<byte[]> parts(long credential, String kind, byte[] identity, String partKind, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(PARTS)
                .bind("credential", credential)
                .bind("kind", kind)
                .bind("identity", identity)
                .bind("part", partKind)
                .bind("limit", limit)
                .map((row, context) -> row.getBytes("document"))
                .list());
  }

  /** Whether this credential sent something with all these properties. */
  boolean exists(List<byte[]> digests) {
    return database.read(handle -> !withProperties(handle, digests, 1).isEmpty());
  }

  /** Returns the JSON of an entity of this credential. */
  Optional<byte[]> find(long credential, String kind, byte[] identity) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT document FROM received_entity WHERE credential_id = :credential AND"
                        + " kind = :kind AND identity = :identity")
                .bind("credential", credential)
                .bind("kind", kind)
                .bind("identity", identity)
                .map((row, context) -> row.getBytes("document"))
                .findOne());
  }

  /**
   * Removes an entity of this credential with its parts; says whether there was one.
   *
   * @param newest the highest sequence number that is removed
   */
  boolean delete(long credential, String kind, byte[] identity, long newest, Instant now) {
    return database.write(
        handle -> {
          takeTurn(handle, credential);
          List<Long> ids =
              handle
                  .createQuery(
                      "SELECT id FROM received_entity WHERE credential_id = :credential AND kind ="
                          + " :kind AND identity = :identity AND sequence_number <= :newest")
                  .bind("newest", newest)
                  .bind("credential", credential)
                  .bind("kind", kind)
                  .bind("identity", identity)
                  .mapTo(Long.class)
                  .list();
          return delete(handle, credential, ids, now) > 0;
        });
  }

  /** Has a deletion wait for writes of the same credential, so that it sees what they are about. */
  private static void takeTurn(Handle handle, long credential) {
    handle
        .createQuery("SELECT id FROM receive_credential WHERE id = ? FOR UPDATE")
        .bind(0, credential)
        .mapTo(Long.class)
        .findOne();
  }

  private int delete(Handle handle, long credential, List<Long> ids, Instant now) {
    if (ids.isEmpty()) {
      return 0;
    }
    List<IssueChanges.Target> changed = targets.of(handle, ids);
    int deleted =
        handle
            .createUpdate(
                "DELETE FROM received_entity WHERE id IN (<ids>) AND credential_id = :credential")
            .bindList("ids", ids)
            .bind("credential", credential)
            .execute();
    targets.tell(handle, credential, changed, now);
    return deleted;
  }

  /** Returns what a pipeline or environment last did for an issue. */
  Optional<Latest> latest(IssueChanges.Target target) {
    return database.read(handle -> Targets.latest(handle, target));
  }

  /** Removes what came with all these properties; returns how many entities. */
  long deleteByProperties(long credential, List<byte[]> digests, Instant now) {
    long deleted = 0;
    while (true) {
      int last = database.write(handle -> deleteSome(handle, credential, digests, now));
      deleted += last;
      if (last < DELETED_AT_ONCE) {
        return deleted;
      }
    }
  }

  private int deleteSome(Handle handle, long credential, List<byte[]> digests, Instant now) {
    takeTurn(handle, credential);
    return delete(handle, credential, withProperties(handle, digests, DELETED_AT_ONCE), now);
  }
}
