package dev.onbehalf.server.monitor;

import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Keeps how the checks stand and whose turn it is, for all nodes. */
final class JdbiCheckStore {
  private static final String SELECT =
      "SELECT name, healthy, since_ms, checked_ms, took_ms, sentence FROM monitor_check";

  private final Database database;

  JdbiCheckStore(Database database) {
    this.database = database;
  }

  /** Returns all, in the order of their names. */
  List<CheckState> all() {
    return database.read(handle -> list(handle, ""));
  }

  /**
   * Takes the turn to run a round, unless another node has it.
   *
   * @param next from when on the next turn may be taken
   * @param latest a turn due later than this was written by a clock that was wrong
   */
  boolean takeTurn(Instant now, Instant next, Instant latest) {
    return database.write(
            handle ->
                handle.execute(
                    "UPDATE monitor_turn SET next_ms = ? WHERE next_ms <= ? OR next_ms > ?",
                    next.toEpochMilli(),
                    now.toEpochMilli(),
                    latest.toEpochMilli()))
        > 0;
  }

  /** Notes what an attempt found; returns how the check stood before, empty if it is new. */
  Optional<CheckState> note(String name, Check.Finding finding, Instant now, long tookMillis) {
    return database.write(
        handle -> {
          Optional<CheckState> before = list(handle, name).stream().findFirst();
          boolean same = before.filter(b -> b.healthy() == finding.healthy()).isPresent();
          long since = same ? before.orElseThrow().since().toEpochMilli() : now.toEpochMilli();
          handle
              .createUpdate(
                  before.isPresent()
                      ? "UPDATE monitor_check SET healthy = :healthy, since_ms = :since, checked_ms"
                          + " = :checked, took_ms = :took, sentence = :sentence WHERE name = :name"
                      : "INSERT INTO monitor_check (name, healthy, since_ms, checked_ms, took_ms,"
                          + " sentence) VALUES (:name, :healthy, :since, :checked, :took,"
                          + " :sentence)")
              .bind("name", name)
              .bind("healthy", finding.healthy())
              .bind("since", since)
              .bind("checked", now.toEpochMilli())
              .bind("took", tookMillis)
              .bind("sentence", finding.sentence())
              .execute();
          return before;
        });
  }

  /** Returns those whose state the webhook has not been told. */
  List<CheckState> untold() {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + " WHERE healthy <> COALESCE(told, TRUE) ORDER BY name")
                .map((row, context) -> state(row))
                .list());
  }

  /** Whether the webhook has yet to be told that a check stands so. */
  boolean toTell(String name, boolean healthy) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT 1 FROM monitor_check WHERE name = :name AND COALESCE(told, TRUE) <>"
                        + " :healthy")
                .bind("name", name)
                .bind("healthy", healthy)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  /** Notes what the webhook was told. */
  void told(String name, boolean healthy) {
    database.execute(
        handle ->
            handle.execute("UPDATE monitor_check SET told = ? WHERE name = ?", healthy, name));
  }

  /** Forgets the checks that are no longer among {@code names}. */
  void retain(Set<String> names) {
    Set<String> gone = new HashSet<>();
    all().forEach(state -> gone.add(state.name()));
    gone.removeAll(names);
    for (String name : gone) {
      database.execute(handle -> handle.execute("DELETE FROM monitor_check WHERE name = ?", name));
    }
  }

  private static List<CheckState> list(Handle handle, String name) {
    return handle
        .createQuery(SELECT + " WHERE :name = '' OR name = :name ORDER BY name")
        .bind("name", name)
        .map((row, context) -> state(row))
        .list();
  }

  private static CheckState state(ResultSet row) throws SQLException {
    return new CheckState(
        row.getString("name"),
        row.getBoolean("healthy"),
        Instant.ofEpochMilli(row.getLong("since_ms")),
        Instant.ofEpochMilli(row.getLong("checked_ms")),
        row.getLong("took_ms"),
        row.getString("sentence"));
  }
}
