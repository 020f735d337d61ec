package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.provider.TokenFactory.IssuedAccessToken;
import dev.onbehalf.server.store.Database;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps access tokens; renewals and revocations are atomic. */
final class JdbiAccessTokenStore {
  private static final String SELECT = "SELECT " + TokenRows.ACCESS_COLUMNS + " FROM access_token";

  private final Database database;
  private final TokenRows rows;
  private final Changes changes;
  private final InstantSource clock;

  JdbiAccessTokenStore(Database database, TokenRows rows, Changes changes, InstantSource clock) {
    this.database = database;
    this.rows = rows;
    this.changes = changes;
    this.clock = clock;
  }

  /** A token with the secret its HMAC signatures need. */
  record Live(AccessToken token, Secret secret) {}

  /** How a renewal ended: with a token or with a problem. */
  record Renewal(@Nullable IssuedAccessToken issued, @Nullable OAuthProblem problem) {}

  void insert(Handle handle, IssuedAccessToken issued) {
    AccessToken token = issued.token();
    handle
        .createUpdate(
            "INSERT INTO access_token (id, fingerprint, handle_fingerprint, consumer_key,"
                + " application, person, person_identity, sealed_secret, permissions, granted_ms,"
                + " renewed_ms, expires_ms, session_expires_ms, grant_ends_ms, last_used_ms)"
                + " VALUES (:id, :fingerprint, :handle, :consumer, :application, :person,"
                + " :identity, :secret, :permissions, :granted, :renewed, :expires,"
                + " :sessionExpires, :grantEnds, :lastUsed)")
        .bind("id", token.id())
        .bind("fingerprint", rows.accessFingerprint(issued.value().reveal()))
        .bind("handle", rows.handleFingerprint(issued.handle().reveal()))
        .bind("consumer", token.consumerKey())
        .bind("application", token.application())
        .bind("person", token.person())
        .bind("identity", token.personIdentity())
        .bind("secret", rows.sealAccessSecret(token.id(), issued.secret()))
        .bind("permissions", Rows.lines(token.permissions()))
        .bind("granted", token.granted().toEpochMilli())
        .bind("renewed", token.renewed().toEpochMilli())
        .bind("expires", token.expires().toEpochMilli())
        .bind("sessionExpires", token.sessionExpires().toEpochMilli())
        .bind("grantEnds", Rows.millis(token.grantEnds()))
        .bind("lastUsed", Rows.millis(token.lastUsed()))
        .execute();
  }

  /** Returns what a token is found by. */
  byte[] fingerprint(String value) {
    return rows.accessFingerprint(value);
  }

  /** Finds a token by the fingerprint of its value, expired or not. */
  Optional<Live> find(byte[] fingerprint) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + " WHERE fingerprint = ?")
                .bind(0, fingerprint)
                .map((row, context) -> new Live(rows.accessToken(row), rows.accessSecret(row)))
                .findOne());
  }

  Optional<AccessToken> findById(String id) {
    return list(" WHERE id = :id", Map.of("id", id)).stream().findFirst();
  }

  /** Returns what a person granted, the newest first. */
  List<AccessToken> ofPerson(String person, String identity) {
    return list(
        " WHERE person = :person AND person_identity = :identity",
        Map.of("person", person, "identity", identity));
  }

  /**
   * Returns tokens, the newest first.
   *
   * @param person user name; null for everybody's
   * @param consumerKey consumer; null for every consumer's
   */
  List<AccessToken> all(@Nullable String person, @Nullable String consumerKey) {
    Map<String, Object> values = new HashMap<>();
    StringBuilder where = new StringBuilder(" WHERE 1 = 1");
    if (person != null) {
      where.append(" AND person = :person");
      values.put("person", person);
    }
    if (consumerKey != null) {
      where.append(" AND consumer_key = :consumer");
      values.put("consumer", consumerKey);
    }
    return list(where.toString(), values);
  }

  /**
   * Renews a token, once per handle, to what {@code make} makes of it; the id stays.
   *
   * @param idleLimit how long it may have been unused
   */
  Renewal renew(
      String value,
      String sessionHandle,
      String consumerKey,
      String application,
      Duration idleLimit,
      Function<AccessToken, IssuedAccessToken> make) {
    return database.write(
        handle -> {
          byte[] fingerprint = rows.accessFingerprint(value);
          Locked locked =
              handle
                  .createQuery(SELECT + " WHERE fingerprint = ? FOR UPDATE")
                  .bind(0, fingerprint)
                  .map(
                      (row, context) ->
                          new Locked(rows.accessToken(row), row.getBytes("handle_fingerprint")))
                  .findOne()
                  .orElse(null);
          if (locked == null
              || !locked.token().consumerKey().equals(consumerKey)
              || !locked.token().application().equals(application)
              || !MessageDigest.isEqual(
                  locked.handleFingerprint(), rows.handleFingerprint(sessionHandle))) {
            return new Renewal(null, OAuthProblem.TOKEN_REJECTED);
          }
          AccessToken token = locked.token();
          Instant now = clock.instant();
          if (!token.renewableAt(now) || !now.isBefore(token.lastTouched().plus(idleLimit))) {
            return new Renewal(null, OAuthProblem.PERMISSION_DENIED);
          }
          IssuedAccessToken issued = make.apply(token);
          update(handle, issued);
          changes.record(handle, Changes.Kind.TOKEN, fingerprint);
          return new Renewal(issued, null);
        });
  }

  /** Revokes one token; says whether there was one. */
  boolean revoke(String id) {
    return database.write(
        handle -> {
          byte[] fingerprint =
              handle
                  .createQuery("SELECT fingerprint FROM access_token WHERE id = ? FOR UPDATE")
                  .bind(0, id)
                  .mapTo(byte[].class)
                  .findOne()
                  .orElse(null);
          if (fingerprint == null) {
            return false;
          }
          handle.execute("DELETE FROM access_token WHERE id = ?", id);
          changes.record(handle, Changes.Kind.TOKEN, fingerprint);
          return true;
        });
  }

  /** Revokes every token of a person, and what they authorised but nobody exchanged yet. */
  int revokeAllOfPerson(String person) {
    return database.write(
        handle -> {
          handle.execute("DELETE FROM request_token WHERE person = ?", person);
          int revoked = handle.execute("DELETE FROM access_token WHERE person = ?", person);
          if (revoked > 0) {
            changes.record(handle, Changes.Kind.TOKENS, null);
          }
          return revoked;
        });
  }

  /** Notes when tokens were used; a time before the one that is known is passed over. */
  void noteUse(Map<String, Instant> lastUsed) {
    database.execute(handle -> Rows.noteUse(handle, "access_token", lastUsed));
  }

  /** Removes tokens that can no longer be used or renewed at {@code now}. */
  int purge(Instant now, Duration idleLimit) {
    return database.write(
        handle ->
            handle
                .createUpdate(
                    "DELETE FROM access_token WHERE"
                        + " (session_expires_ms < :now AND expires_ms < :now)"
                        + " OR GREATEST(renewed_ms, COALESCE(last_used_ms, 0)) < :idleSince")
                .bind("now", now.toEpochMilli())
                .bind("idleSince", now.minus(idleLimit).toEpochMilli())
                .execute());
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Locked(AccessToken token, byte[] handleFingerprint) {}

  private void update(Handle handle, IssuedAccessToken issued) {
    AccessToken token = issued.token();
    handle
        .createUpdate(
            "UPDATE access_token SET fingerprint = :fingerprint, handle_fingerprint = :handle,"
                + " sealed_secret = :secret, renewed_ms = :renewed, expires_ms = :expires,"
                + " session_expires_ms = :sessionExpires WHERE id = :id")
        .bind("fingerprint", rows.accessFingerprint(issued.value().reveal()))
        .bind("handle", rows.handleFingerprint(issued.handle().reveal()))
        .bind("secret", rows.sealAccessSecret(token.id(), issued.secret()))
        .bind("renewed", token.renewed().toEpochMilli())
        .bind("expires", token.expires().toEpochMilli())
        .bind("sessionExpires", token.sessionExpires().toEpochMilli())
        .bind("id", token.id())
        .execute();
  }

  int countEnding(Instant from, Instant until) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "SELECT COUNT(*) FROM access_token"
                        + " WHERE expires_ms >= :from AND expires_ms < :until")
                .bind("from", from.toEpochMilli())
                .bind("until", until.toEpochMilli())
                .mapTo(Integer.class)
                .one());
  }

  private List<AccessToken> list(String where, Map<String, Object> values) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + where + " ORDER BY granted_ms DESC, id")
                .bindMap(values)
                .map((row, context) -> rows.accessToken(row))
                .list());
  }
}
