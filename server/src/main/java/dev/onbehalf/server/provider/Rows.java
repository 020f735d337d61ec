package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.Permissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
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
