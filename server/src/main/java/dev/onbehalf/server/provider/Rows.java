package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.Permissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Reads and writes the column types of the schema. */
final class Rows {
  private Rows() {}

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
    Long millis = row.getObject(column, Long.class);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  static @Nullable Duration nullableDuration(ResultSet row, String column) throws SQLException {
    Long millis = row.getObject(column, Long.class);
    return millis == null ? null : Duration.ofMillis(millis);
  }

  static @Nullable Permissions nullablePermissions(ResultSet row, String column)
      throws SQLException {
    String lines = row.getString(column);
    return lines == null ? null : Permissions.parse(Arrays.asList(lines.split("\n", -1)));
  }

  /**
   * Notes last uses by id, in one order for all nodes; an earlier time than known is passed over.
   */
  static void noteUse(Handle handle, String table, Map<String, Instant> lastUsed) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE "
                + table
                + " SET last_used_ms = :at WHERE id = :id"
                + " AND (last_used_ms IS NULL OR last_used_ms < :at)");
    lastUsed.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            use -> batch.bind("id", use.getKey()).bind("at", use.getValue().toEpochMilli()).add());
    batch.execute();
  }

  static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  static @Nullable String lines(@Nullable Permissions permissions) {
    return permissions == null ? null : String.join("\n", permissions.texts());
  }
}
