package dev.onbehalf.server.build;

import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import java.time.Duration;
import java.time.Instant;

/** The tokens of builds that were shown, kept until they expire; shared by all nodes. */
final class SpentTokens {
  private static final Duration SKEW = Duration.ofMinutes(2);

  private final Database database;
  private final Sealer sealer;

  SpentTokens(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /** Returns false if the token was spent before. */
  boolean spend(String id, Instant expires) {
    byte[] fingerprint = sealer.fingerprint("build-token", id);
    return database.write(
        handle ->
            handle.execute(
                    "INSERT INTO spent_build_token (fingerprint, expires_ms) VALUES (?, ?)"
                        + " ON CONFLICT DO NOTHING",
                    fingerprint,
                    expires.plus(SKEW).toEpochMilli())
                == 1);
  }

  long purge(Instant now) {
    return database.write(
        handle ->
            (long)
                handle.execute(
                    "DELETE FROM spent_build_token WHERE expires_ms <= ?", now.toEpochMilli()));
  }
}
