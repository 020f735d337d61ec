package dev.onbehalf.server.audit;

import dev.onbehalf.server.config.Unprintable;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.store.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The audit trail in the database: appended to, searched, verified, shortened at its old end. */
public final class JdbiAuditStore {
  static final String COLUMNS =
      "id, at_ms, request_id, action, outcome, consumer, person, acted_as, application, method,"
          + " path, problem, detail, remote_address";
  private static final String INSERT =
      "INSERT INTO audit_event ("
          + COLUMNS
          + ", hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final int REMOVED_AT_ONCE = 5_000;

  private final Database database;
  private final Sealer sealer;

  public JdbiAuditStore(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /**
   * Appends events in order, in one transaction; writers of other nodes wait for one another. It is
   * the one statement of each request, so it goes to the driver without a detour.
   */
  void append(List<AuditEvent> events) {
    database.execute(
        handle -> {
          AuditChain.Ends ends = lockEnds(handle);
          long id = ends.lastId();
          byte[] hash = ends.lastHash();
          try (PreparedStatement batch = handle.getConnection().prepareStatement(INSERT)) {
            for (AuditEvent event : events) {
              AuditRecord record = new AuditRecord(++id, clipped(event));
              hash = AuditChain.hash(hash, record);
              bind(batch, record, hash);
              batch.addBatch();
            }
            batch.executeBatch();
          } catch (SQLException e) {
            throw new StoreException("The audit records could not be written.", e);
          }
          update(handle, new AuditChain.Ends(ends.baseId(), ends.baseHash(), id, hash));
        });
  }

  /** Finds events, oldest first. */
  public List<AuditRecord> find(AuditQuery query) {
    List<String> conditions = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    condition(conditions, values, "(person = ? OR acted_as = ?)", query.person());
    if (query.person() != null) {
      values.add(query.person());
    }
    condition(conditions, values, "consumer = ?", query.consumer());
    condition(conditions, values, "application = ?", query.application());
    condition(
        conditions, values, "outcome = ?", query.outcome() == null ? null : query.outcome().name());
    condition(conditions, values, "request_id = ?", query.requestId());
    condition(conditions, values, "at_ms >= ?", millis(query.since()));
    condition(conditions, values, "at_ms < ?", millis(query.until()));
    condition(conditions, values, "id > ?", query.afterId());
    boolean newestFirst = query.afterId() == null;
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM audit_event"
            + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
            + (newestFirst ? " ORDER BY id DESC" : " ORDER BY id")
            + " LIMIT ?";
    values.add(query.limit());
    return database.read(
        handle -> {
          Query statement = handle.createQuery(sql);
          for (int i = 0; i < values.size(); i++) {
            statement.bind(i, values.get(i));
          }
          List<AuditRecord> found =
              new ArrayList<>(statement.map((row, context) -> record(row)).list());
          if (newestFirst) {
            Collections.reverse(found);
          }
          return found;
        });
  }

  /**
   * Recomputes the whole chain.
   *
   * @return what is wrong, in one sentence; empty if every record is as it was written
   */
  public Optional<String> verify() {
    return Optional.ofNullable(
        new AuditVerifier(database, sealer).verify((done, total) -> {}).fault());
  }

  /**
   * Removes the records before {@code limit}, as far as they are the oldest; the chain then begins
   * behind them. It is done in pieces, so that writers are never kept waiting for long.
   *
   * @return how many were removed
   */
  public int removeBefore(Instant limit) {
    int removed = 0;
    while (true) {
      int piece = removePiece(limit.toEpochMilli());
      removed += piece;
      if (piece < REMOVED_AT_ONCE) {
        return removed;
      }
    }
  }

  private int removePiece(long limitMillis) {
    return database.write(
        handle -> {
          AuditChain.Ends ends = lockEnds(handle);
          long end = Math.min(ends.baseId() + REMOVED_AT_ONCE, ends.lastId());
          long newBase =
              handle
                      .createQuery(
                          "SELECT MIN(id) FROM audit_event WHERE id > ? AND id <= ? AND at_ms >= ?")
                      .bind(0, ends.baseId())
                      .bind(1, end)
                      .bind(2, limitMillis)
                      .mapTo(Long.class)
                      .findOne()
                      .orElse(end + 1)
                  - 1;
          if (newBase == ends.baseId()) {
            return 0;
          }
          byte[] baseHash =
              handle
                  .createQuery("SELECT hash FROM audit_event WHERE id = ?")
                  .bind(0, newBase)
                  .mapTo(byte[].class)
                  .findOne()
                  .orElseThrow(
                      () ->
                          new IllegalStateException(
                              "Audit record "
                                  + newBase
                                  + " is missing, so that nothing before it is removed; run"
                                  + " 'onbehalf audit verify'."));
          int removed =
              handle.execute(
                  "DELETE FROM audit_event WHERE id > ? AND id <= ?", ends.baseId(), newBase);
          update(handle, new AuditChain.Ends(newBase, baseHash, ends.lastId(), ends.lastHash()));
          return removed;
        });
  }

  private AuditChain.Ends lockEnds(Handle handle) {
    AuditChain.Ends start = new AuditChain.Ends(0, AuditChain.START, 0, AuditChain.START);
    handle
        .createUpdate(
            "INSERT INTO audit_chain (id, base_id, base_hash, last_id, last_hash, seal)"
                + " VALUES (1, 0, ?, 0, ?, ?) ON CONFLICT DO NOTHING")
        .bind(0, AuditChain.START)
        .bind(1, AuditChain.START)
        .bind(2, start.seal(sealer))
        .execute();
    return handle
        .createQuery("SELECT * FROM audit_chain WHERE id = 1 FOR UPDATE")
        .map((row, context) -> ends(row))
        .one();
  }

  private void update(Handle handle, AuditChain.Ends ends) {
    handle
        .createUpdate(
            "UPDATE audit_chain SET base_id = ?, base_hash = ?, last_id = ?, last_hash = ?,"
                + " seal = ? WHERE id = 1")
        .bind(0, ends.baseId())
        .bind(1, ends.baseHash())
        .bind(2, ends.lastId())
        .bind(3, ends.lastHash())
        .bind(4, ends.seal(sealer))
        .execute();
  }

  static AuditChain.Ends ends(ResultSet row) throws SQLException {
    return new AuditChain.Ends(
        row.getLong("base_id"),
        row.getBytes("base_hash"),
        row.getLong("last_id"),
        row.getBytes("last_hash"));
  }

  private static void bind(PreparedStatement batch, AuditRecord record, byte[] hash)
      throws SQLException {
    AuditEvent event = record.event();
    batch.setLong(1, record.id());
    batch.setLong(2, event.at().toEpochMilli());
    batch.setString(3, event.requestId());
    batch.setString(4, event.action());
    batch.setString(5, event.outcome().name());
    batch.setString(6, event.consumer());
    batch.setString(7, event.person());
    batch.setString(8, event.actedAs());
    batch.setString(9, event.application());
    batch.setString(10, event.method());
    batch.setString(11, event.path());
    batch.setString(12, event.problem());
    batch.setString(13, event.detail());
    batch.setString(14, event.remoteAddress());
    batch.setBytes(15, hash);
  }

  static AuditRecord record(ResultSet row) throws SQLException {
    return new AuditRecord(
        row.getLong("id"),
        AuditEvent.builder(
                Instant.ofEpochMilli(row.getLong("at_ms")),
                row.getString("request_id"),
                row.getString("action"),
                AuditEvent.Outcome.valueOf(row.getString("outcome")))
            .consumer(row.getString("consumer"))
            .person(row.getString("person"))
            .actedAs(row.getString("acted_as"))
            .application(row.getString("application"))
            .request(row.getString("method"), row.getString("path"))
            .problem(row.getString("problem"))
            .detail(row.getString("detail"))
            .remoteAddress(row.getString("remote_address"))
            .build());
  }

  private static AuditEvent clipped(AuditEvent event) {
    return AuditEvent.builder(
            Instant.ofEpochMilli(event.at().toEpochMilli()),
            Objects.requireNonNull(clip(event.requestId(), 200)),
            Objects.requireNonNull(clip(event.action(), 100)),
            event.outcome())
        .consumer(clip(event.consumer(), 400))
        .person(clip(event.person(), 400))
        .actedAs(clip(event.actedAs(), 400))
        .application(clip(event.application(), 400))
        .request(clip(event.method(), 40), clip(event.path(), 2000))
        .problem(clip(event.problem(), 200))
        .detail(clip(event.detail(), 2000))
        .remoteAddress(clip(event.remoteAddress(), 100))
        .build();
  }

  /**
   * Cuts a text to its column. Control characters, which would draw on the terminal of whoever
   * reads the trail, become visible marks.
   */
  private static @Nullable String clip(@Nullable String text, int length) {
    if (text == null) {
      return null;
    }
    String storable = isPlainAscii(text) ? text : Unprintable.replace(text, "\u2400");
    if (storable.length() <= length) {
      return storable;
    }
    int end = Character.isHighSurrogate(storable.charAt(length - 1)) ? length - 1 : length;
    return storable.substring(0, end);
  }

  private static boolean isPlainAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static void condition(
      List<String> conditions, List<Object> values, String sql, @Nullable Object value) {
    if (value != null) {
      conditions.add(sql);
      values.add(value);
    }
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }
}
