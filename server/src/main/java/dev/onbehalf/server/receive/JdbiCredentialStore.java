package dev.onbehalf.server.receive;

import dev.onbehalf.server.receive.Credential.LiveSecret;
import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Keeps credentials; of their secrets keyed fingerprints alone. */
final class JdbiCredentialStore {
  static final int MOST_SECRETS = 2;

  private static final int ERASED_AT_ONCE = 500;
  private static final String SELECT =
      "SELECT c.id, c.client_id, c.name, c.scopes, c.projects, c.enabled, c.expires_ms,"
          + " c.created_ms, c.last_used_ms, s.id AS secret_id, s.fingerprint,"
          + " s.created_ms AS secret_created_ms, s.last_used_ms AS secret_used_ms"
          + " FROM receive_credential c LEFT JOIN receive_secret s ON s.credential_id = c.id"
          + " WHERE c.deleted_ms IS NULL";
  private static final String PRESENTED_OR_ANY =
      "COALESCE((SELECT k.client_id FROM receive_credential k"
          + " WHERE k.client_id = :id AND k.deleted_ms IS NULL),"
          + " (SELECT a.client_id FROM receive_credential a"
          + " WHERE a.deleted_ms IS NULL ORDER BY a.id LIMIT 1))";
  private static final String IN_ORDER = " ORDER BY c.folded_name, s.created_ms, s.id";

  private final Database database;
  private final IssueChanges changes;

  JdbiCredentialStore(Database database) {
    this(database, IssueChanges.NONE);
  }

  JdbiCredentialStore(Database database, IssueChanges changes) {
    this.database = database;
    this.changes = changes;
  }

  /** A credential and the fingerprints of its live secrets, in the same order. */
  record Stored(Credential credential, List<byte[]> fingerprints) {}

  List<Credential> all() {
    return database.read(
        handle ->
            collect(handle.createQuery(SELECT + IN_ORDER)).stream()
                .map(Stored::credential)
                .toList());
  }

  Optional<Stored> byClientId(String clientId) {
    return database.read(
        handle ->
            collect(
                    handle
                        .createQuery(SELECT + " AND c.client_id = :id" + IN_ORDER)
                        .bind("id", clientId))
                .stream()
                .findFirst());
  }

  /**
   * As {@link #byClientId}, with as much to read for a client nobody knows: another's credential,
   * which is put aside, so that the time does not tell which clients there are.
   */
  Optional<Stored> byPresentedId(String clientId) {
    return database.read(
        handle ->
            collect(
                    handle
                        .createQuery(SELECT + " AND c.client_id = " + PRESENTED_OR_ANY + IN_ORDER)
                        .bind("id", clientId))
                .stream()
                .filter(stored -> stored.credential().clientId().equals(clientId))
                .findFirst());
  }

  /** Finds a credential by its name in any case, else by its client id. */
  Optional<Credential> find(String nameOrClientId) {
    return database.read(handle -> find(handle, nameOrClientId));
  }

  private static Optional<Credential> find(Handle handle, String nameOrClientId) {
    return collect(
            handle
                .createQuery(
                    SELECT + " AND (c.folded_name = :folded OR c.client_id = :id)" + IN_ORDER)
                .bind("folded", folded(nameOrClientId))
                .bind("id", nameOrClientId))
        .stream()
        .map(Stored::credential)
        .findFirst();
  }

  /**
   * Adds a credential with its first secret.
   *
   * @throws IllegalArgumentException if the name is taken, in this or another case
   */
  Credential add(Credential credential, String secretId, byte[] fingerprint) {
    return database.write(
        handle -> {
          int added =
              handle
                  .createUpdate(
                      "INSERT INTO receive_credential (client_id, name, folded_name, scopes,"
                          + " projects, enabled, expires_ms, erase, created_ms) VALUES (:clientId,"
                          + " :name, :folded, :scopes, :projects, :enabled, :expires, FALSE,"
                          + " :created) ON CONFLICT DO NOTHING")
                  .bind("clientId", credential.clientId())
                  .bindMap(columns(credential))
                  .bind("created", credential.created().toEpochMilli())
                  .execute();
          if (added == 0) {
            throw nameTaken(credential.name());
          }
          Credential stored = find(handle, credential.clientId()).orElseThrow();
          addSecret(handle, stored.id(), secretId, fingerprint, credential.created());
          return find(handle, credential.clientId()).orElseThrow();
        });
  }

  /**
   * Changes name, scopes, projects, expiry or whether it is enabled.
   *
   * @throws IllegalArgumentException if the new name is taken
   */
  Credential change(long id, UnaryOperator<Credential> edit) {
    return database.write(
        handle -> {
          Credential before = locked(handle, id);
          Credential after = edit.apply(before);
          Optional<Credential> namesake = find(handle, after.name());
          if (namesake.isPresent() && namesake.get().id() != id) {
            throw nameTaken(after.name());
          }
          handle
              .createUpdate(
                  "UPDATE receive_credential SET name = :name, folded_name = :folded,"
                      + " scopes = :scopes, projects = :projects, enabled = :enabled,"
                      + " expires_ms = :expires WHERE id = :id")
              .bindMap(columns(after))
              .bind("id", id)
              .execute();
          return after;
        });
  }

  /**
   * Adds a second live secret.
   *
   * @throws IllegalArgumentException if there are two already
   */
  Credential addSecret(long id, String secretId, byte[] fingerprint, Instant now) {
    return database.write(
        handle -> {
          Credential before = locked(handle, id);
          if (before.secrets().size() >= MOST_SECRETS) {
            throw new IllegalArgumentException(
                "'" + before.name() + "' has two live secrets already; retire one first.");
          }
          addSecret(handle, id, secretId, fingerprint, now);
          return locked(handle, id);
        });
  }

  /**
   * Ends a live secret, by default all but the newest.
   *
   * @throws IllegalArgumentException if it has no such secret, or no other
   */
  Credential retire(long id, @Nullable String secretId) {
    return database.write(
        handle -> {
          List<LiveSecret> live = locked(handle, id).secrets();
          List<String> ended =
              live.stream()
                  .map(LiveSecret::id)
                  .filter(
                      secret ->
                          secretId == null
                              ? !secret.equals(live.get(live.size() - 1).id())
                              : secret.equals(secretId))
                  .toList();
          if (secretId != null && ended.isEmpty()) {
            throw new IllegalArgumentException("There is no live secret '" + secretId + "'.");
          }
          if (ended.size() == live.size()) {
            throw new IllegalArgumentException(
                "It is the only live secret; rotate first, or disable the credential.");
          }
          ended.forEach(
              secret -> handle.execute("DELETE FROM receive_secret WHERE id = ?", secret));
          return locked(handle, id);
        });
  }

  /** Takes name and secrets away; what it sent stays, or goes by {@link #erase}. */
  boolean delete(long id, boolean withData, Instant now) {
    return database.write(
        handle -> {
          int deleted =
              handle
                  .createUpdate(
                      "UPDATE receive_credential SET deleted_ms = :now, folded_name = NULL,"
                          + " enabled = FALSE, erase = :erase WHERE id = :id AND deleted_ms IS"
                          + " NULL")
                  .bind("now", now.toEpochMilli())
                  .bind("erase", withData)
                  .bind("id", id)
                  .execute();
          handle.execute("DELETE FROM receive_secret WHERE credential_id = ?", id);
          return deleted > 0;
        });
  }

  /** Removes what deleted credentials sent and left to be removed; returns how many entities. */
  long erase(Instant now) {
    List<Long> doomed =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT id FROM receive_credential WHERE erase ORDER BY id")
                    .mapTo(Long.class)
                    .list());
    long removed = 0;
    for (long id : doomed) {
      int last;
      do {
        last =
            database.write(
                handle ->
                    handle.execute(
                        "DELETE FROM received_entity WHERE id IN (SELECT id FROM received_entity"
                            + " WHERE credential_id = ? LIMIT "
                            + ERASED_AT_ONCE
                            + ")",
                        id));
        removed += last;
      } while (last > 0);
      database.execute(
          handle -> {
            changes.erased(handle, id, now);
            handle.execute("DELETE FROM receive_credential WHERE id = ? AND erase", id);
          });
    }
    return removed;
  }

  void noteUse(long id, String secretId, Instant now) {
    database.execute(
        handle -> {
          handle.execute(
              "UPDATE receive_credential SET last_used_ms = ? WHERE id = ?",
              now.toEpochMilli(),
              id);
          handle.execute(
              "UPDATE receive_secret SET last_used_ms = ? WHERE id = ?",
              now.toEpochMilli(),
              secretId);
        });
  }

  private static Credential locked(Handle handle, long id) {
    handle
        .createQuery("SELECT id FROM receive_credential WHERE id = ? FOR UPDATE")
        .bind(0, id)
        .mapTo(Long.class)
        .findOne();
    return collect(handle.createQuery(SELECT + " AND c.id = :id" + IN_ORDER).bind("id", id))
        .stream()
        .map(Stored::credential)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("The credential has been deleted."));
  }

  private static void addSecret(
      Handle handle, long credentialId, String secretId, byte[] fingerprint, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO receive_secret (id, credential_id, fingerprint, created_ms)"
                + " VALUES (:id, :credential, :fingerprint, :created)")
        .bind("id", secretId)
        .bind("credential", credentialId)
        .bind("fingerprint", fingerprint)
        .bind("created", now.toEpochMilli())
        .execute();
  }

  private static List<Stored> collect(Query query) {
    Map<Long, Stored> found = new LinkedHashMap<>();
    query
        .map((row, context) -> Map.entry(credential(row), secret(row)))
        .forEach(
            row -> {
              Stored known = found.get(row.getKey().id());
              List<LiveSecret> secrets = new ArrayList<>();
              List<byte[]> fingerprints = new ArrayList<>();
              if (known != null) {
                secrets.addAll(known.credential().secrets());
                fingerprints.addAll(known.fingerprints());
              }
              row.getValue()
                  .ifPresent(
                      secret -> {
                        secrets.add(secret.live());
                        fingerprints.add(secret.fingerprint());
                      });
              found.put(
                  row.getKey().id(), new Stored(row.getKey().withSecrets(secrets), fingerprints));
            });
    return List.copyOf(found.values());
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record StoredSecret(LiveSecret live, byte[] fingerprint) {}

  private static Optional<StoredSecret> secret(ResultSet row) throws SQLException {
    String id = row.getString("secret_id");
    return id == null
        ? Optional.empty()
        : Optional.of(
            new StoredSecret(
                new LiveSecret(
                    id,
                    Instant.ofEpochMilli(row.getLong("secret_created_ms")),
                    instant(row, "secret_used_ms")),
                row.getBytes("fingerprint")));
  }

  private static Credential credential(ResultSet row) throws SQLException {
    return new Credential(
        row.getLong("id"),
        row.getString("client_id"),
        row.getString("name"),
        Scope.parse(Arrays.asList(row.getString("scopes").split(" ", -1))),
        projects(row.getString("projects")),
        row.getBoolean("enabled"),
        instant(row, "expires_ms"),
        Instant.ofEpochMilli(row.getLong("created_ms")),
        instant(row, "last_used_ms"),
        List.of());
  }

  private static Map<String, @Nullable Object> columns(Credential credential) {
    Map<String, @Nullable Object> columns = new LinkedHashMap<>();
    columns.put("name", credential.name());
    columns.put("folded", folded(credential.name()));
    columns.put("scopes", Scope.join(credential.scopes()));
    columns.put("projects", String.join(" ", new TreeSet<>(credential.projects())));
    columns.put("enabled", credential.enabled());
    columns.put(
        "expires", credential.expires() == null ? null : credential.expires().toEpochMilli());
    return columns;
  }

  private static Set<String> projects(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" ", -1));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Long millis = row.getObject(column, Long.class);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException nameTaken(String name) {
    return new IllegalArgumentException(
        "There is a credential '" + name + "' already, in this or another case.");
  }
}
