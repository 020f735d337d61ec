package dev.onbehalf.server.provider;

import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The numbered changes by which nodes learn what to forget. The last statement of a transaction
 * that changes what may be cached is {@link #record}: the row lock of the number makes the order of
 * numbers that of the commits.
 */
final class Changes {
  private final InstantSource clock;

  Changes(InstantSource clock) {
    this.clock = clock;
  }

  enum Kind {
    /** Consumers were changed, and with them perhaps every token. */
    CONSUMERS,
    /** One access token, named by its fingerprint, was revoked or renewed. */
    TOKEN,
    /** Several access tokens were revoked. */
    TOKENS
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Change(long number, Kind kind, byte @Nullable [] fingerprint) {}

  void record(Handle handle, Kind kind, byte @Nullable [] fingerprint) {
    handle.execute("UPDATE provider_change_number SET number = number + 1 WHERE id = 1");
    handle
        .createUpdate(
            "INSERT INTO provider_change (number, kind, fingerprint, at_ms)"
                + " SELECT number, :kind, :fingerprint, :at FROM provider_change_number"
                + " WHERE id = 1")
        .bind("kind", kind.name())
        .bind("fingerprint", fingerprint)
        .bind("at", clock.millis())
        .execute();
  }

  long number(Handle handle) {
    return handle
        .createQuery("SELECT number FROM provider_change_number WHERE id = 1")
        .mapTo(Long.class)
        .one();
  }

  /** Returns what came after {@code number}, in order; what is too long ago is missing. */
  List<Change> after(Handle handle, long number, int most) {
    return handle
        .createQuery(
            "SELECT number, kind, fingerprint FROM provider_change WHERE number > ?"
                + " ORDER BY number LIMIT ?")
        .bind(0, number)
        .bind(1, most)
        .map(
            (row, context) ->
                new Change(
                    row.getLong("number"),
                    Kind.valueOf(row.getString("kind")),
                    row.getBytes("fingerprint")))
        .list();
  }
}
