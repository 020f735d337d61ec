package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.store.Sealer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Maps tokens to rows: secrets sealed to the token's id, values turned into fingerprints. */
final class TokenRows {
  static final String REQUEST_COLUMNS =
      "id, consumer_key, application, sealed_secret, callback, legacy, state, person,"
          + " person_identity, permissions, life_ms, shown_to, created_ms, expires_ms,"
          + " verifier_fingerprint, verifier_attempts";
  static final String ACCESS_COLUMNS =
      "id, consumer_key, application, person, person_identity, permissions, granted_ms,"
          + " renewed_ms, expires_ms, session_expires_ms, grant_ends_ms, last_used_ms,"
          + " sealed_secret, handle_fingerprint";

  private final Sealer sealer;

  TokenRows(Sealer sealer) {
    this.sealer = sealer;
  }

  byte[] requestFingerprint(String value) {
    return sealer.fingerprint("request-token", value);
  }

  byte[] accessFingerprint(String value) {
    return sealer.fingerprint("access-token", value);
  }

  byte[] handleFingerprint(String value) {
    return sealer.fingerprint("session-handle", value);
  }

  byte[] verifierFingerprint(String tokenId, String verifier) {
    return sealer.fingerprint("verifier", tokenId + " " + verifier);
  }

  byte[] sealRequestSecret(RequestToken token) {
    return sealer.seal(token.secret(), "request-token:" + token.id());
  }

  byte[] sealAccessSecret(String id, Secret secret) {
    return sealer.seal(secret, "access-token:" + id);
  }

  RequestToken requestToken(ResultSet row) throws SQLException {
    String id = row.getString("id");
    RequestToken.State state = RequestToken.State.valueOf(row.getString("state"));
    Decision decision =
        state == RequestToken.State.AUTHORIZED
            ? new Decision(
                row.getString("person"),
                row.getString("person_identity"),
                Rows.nullablePermissions(row, "permissions"),
                Rows.nullableDuration(row, "life_ms"))
            : null;
    return new RequestToken(
        id,
        row.getString("consumer_key"),
        row.getString("application"),
        sealer.open(row.getBytes("sealed_secret"), "request-token:" + id),
        row.getString("callback"),
        row.getBoolean("legacy"),
        state,
        decision,
        row.getString("shown_to"),
        Rows.instant(row, "created_ms"),
        Rows.instant(row, "expires_ms"));
  }

  AccessToken accessToken(ResultSet row) throws SQLException {
    @Nullable Permissions permissions = Rows.nullablePermissions(row, "permissions");
    return new AccessToken(
        row.getString("id"),
        row.getString("consumer_key"),
        row.getString("application"),
        row.getString("person"),
        row.getString("person_identity"),
        permissions,
        Rows.instant(row, "granted_ms"),
        Rows.instant(row, "renewed_ms"),
        Rows.instant(row, "expires_ms"),
        Rows.instant(row, "session_expires_ms"),
        Rows.nullableInstant(row, "grant_ends_ms"),
        Rows.nullableInstant(row, "last_used_ms"));
  }

  Secret accessSecret(ResultSet row) throws SQLException {
    return sealer.open(row.getBytes("sealed_secret"), "access-token:" + row.getString("id"));
  }
}
