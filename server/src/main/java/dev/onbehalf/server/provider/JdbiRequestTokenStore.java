package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.provider.TokenFactory.IssuedAccessToken;
import dev.onbehalf.server.provider.TokenFactory.IssuedRequestToken;
import dev.onbehalf.server.store.Database;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps request tokens; decisions, verifier attempts and exchanges are atomic. */
final class JdbiRequestTokenStore {
  static final int MOST_VERIFIER_ATTEMPTS = 5;

  private static final String SELECT =
      "SELECT "
          + TokenRows.REQUEST_COLUMNS
          + " FROM request_token WHERE fingerprint = :fingerprint";

  private final Database database;
  private final TokenRows rows;
  private final JdbiAccessTokenStore accessTokens;
  private final InstantSource clock;

  JdbiRequestTokenStore(
      Database database, TokenRows rows, JdbiAccessTokenStore accessTokens, InstantSource clock) {
    this.database = database;
    this.rows = rows;
    this.accessTokens = accessTokens;
    this.clock = clock;
  }

  /** How an exchange ended: with a token or with a problem. */
  record Exchange(@Nullable IssuedAccessToken issued, @Nullable OAuthProblem problem) {}

  void add(IssuedRequestToken issued) {
    RequestToken token = issued.token();
    database.execute(
        handle ->
            handle
                .createUpdate(
                    "INSERT INTO request_token (id, fingerprint, consumer_key, application,"
                        + " sealed_secret, callback, legacy, state, verifier_attempts, created_ms,"
                        + " expires_ms) VALUES (:id, :fingerprint, :consumer, :application,"
                        + " :secret, :callback, :legacy, :state, 0, :created, :expires)")
                .bind("id", token.id())
                .bind("fingerprint", rows.requestFingerprint(issued.value().reveal()))
                .bind("consumer", token.consumerKey())
                .bind("application", token.application())
                .bind("secret", rows.sealRequestSecret(token))
                .bind("callback", token.callback())
                .bind("legacy", token.legacy())
                .bind("state", token.state().name())
                .bind("created", token.created().toEpochMilli())
                .bind("expires", token.expires().toEpochMilli())
                .execute());
  }

  /** Finds a token by its value, expired or not. */
  Optional<RequestToken> find(String value) {
    return database.read(handle -> select(handle, SELECT, value));
  }

  /** Notes in which session the consent page was last shown; only that one may decide. */
  boolean shown(String tokenId, String sessionId) {
    return database.write(
            handle ->
                handle.execute(
                    "UPDATE request_token SET shown_to = ? WHERE id = ? AND state = 'UNDECIDED'",
                    sessionId,
                    tokenId))
        == 1;
  }

  /**
   * Approves a token that is undecided, alive and was last shown in {@code sessionId}.
   *
   * @return false if any of that is not so
   */
  boolean approve(String tokenId, String sessionId, Decision decision, Secret verifier) {
    return database.write(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE request_token SET state = 'AUTHORIZED', person = :person,"
                            + " person_identity = :identity, permissions = :permissions,"
                            + " life_ms = :life, verifier_fingerprint = :verifier"
                            + " WHERE id = :id AND state = 'UNDECIDED' AND shown_to = :session"
                            + " AND expires_ms > :now")
                    .bind("person", decision.person())
                    .bind("identity", decision.personIdentity())
                    .bind("permissions", Rows.lines(decision.permissions()))
                    .bind("life", Rows.millis(decision.life()))
                    .bind("verifier", rows.verifierFingerprint(tokenId, verifier.reveal()))
                    .bind("id", tokenId)
                    .bind("session", sessionId)
                    .bind("now", clock.millis())
                    .execute())
        == 1;
  }

  /** Denies a token under the conditions of {@link #approve}. */
  boolean deny(String tokenId, String sessionId) {
    return database.write(
            handle ->
                handle.execute(
                    "UPDATE request_token SET state = 'DENIED' WHERE id = ?"
                        + " AND state = 'UNDECIDED' AND shown_to = ? AND expires_ms > ?",
                    tokenId,
                    sessionId,
                    clock.millis()))
        == 1;
  }

  /**
   * Exchanges a request token, once, for what {@code make} makes of it. A wrong verifier counts as
   * an attempt, and the last allowed one ends the token.
   *
   * @param verifier null where the request brought none
   */
  Exchange exchange(
      String value,
      String consumerKey,
      String application,
      @Nullable String verifier,
      Function<RequestToken, IssuedAccessToken> make) {
    return database.write(
        handle -> {
          byte[] fingerprint = rows.requestFingerprint(value);
          Locked locked =
              handle
                  .createQuery(SELECT + " FOR UPDATE")
                  .bind("fingerprint", fingerprint)
                  .map(
                      (row, context) ->
                          new Locked(
                              rows.requestToken(row),
                              row.getBytes("verifier_fingerprint"),
                              row.getInt("verifier_attempts")))
                  .findOne()
                  .orElse(null);
          OAuthProblem problem = problem(locked, consumerKey, application, verifier);
          if (problem != null || locked == null) {
            return new Exchange(null, problem);
          }
          RequestToken token = locked.token();
          if (!token.legacy() && !verifierFits(locked, verifier)) {
            countAttempt(handle, token.id(), locked.attempts() + 1);
            return new Exchange(null, OAuthProblem.TOKEN_REJECTED);
          }
          if (handle.execute("DELETE FROM request_token WHERE id = ?", token.id()) != 1) {
            return new Exchange(null, OAuthProblem.TOKEN_REJECTED);
          }
          IssuedAccessToken issued = make.apply(token);
          accessTokens.insert(handle, issued);
          return new Exchange(issued, null);
        });
  }

  /** Removes tokens that expired before {@code instant}. */
  int purge(Instant instant) {
    return database.write(
        handle ->
            handle.execute(
                "DELETE FROM request_token WHERE expires_ms < ?", instant.toEpochMilli()));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Locked(RequestToken token, byte @Nullable [] verifier, int attempts) {}

  private @Nullable OAuthProblem problem(
      @Nullable Locked locked, String consumerKey, String application, @Nullable String verifier) {
    if (locked == null
        || !locked.token().consumerKey().equals(consumerKey)
        || !locked.token().application().equals(application)) {
      return OAuthProblem.TOKEN_REJECTED;
    }
    RequestToken token = locked.token();
    if (token.expiredAt(clock.instant())) {
      return OAuthProblem.TOKEN_EXPIRED;
    }
    return switch (token.state()) {
      case UNDECIDED -> OAuthProblem.PERMISSION_UNKNOWN;
      case DENIED -> OAuthProblem.PERMISSION_DENIED;
      case AUTHORIZED -> verifier == null && !token.legacy() ? OAuthProblem.PARAMETER_ABSENT : null;
    };
  }

  private boolean verifierFits(Locked locked, @Nullable String verifier) {
    return verifier != null
        && locked.verifier() != null
        && MessageDigest.isEqual(
            locked.verifier(), rows.verifierFingerprint(locked.token().id(), verifier));
  }

  private static void countAttempt(Handle handle, String id, int attempts) {
    if (attempts >= MOST_VERIFIER_ATTEMPTS) {
      handle.execute("DELETE FROM request_token WHERE id = ?", id);
    } else {
      handle.execute("UPDATE request_token SET verifier_attempts = ? WHERE id = ?", attempts, id);
    }
  }

  private Optional<RequestToken> select(Handle handle, String sql, String value) {
    return handle
        .createQuery(sql)
        .bind("fingerprint", rows.requestFingerprint(value))
        .map((row, context) -> rows.requestToken(row))
        .findOne();
  }
}
