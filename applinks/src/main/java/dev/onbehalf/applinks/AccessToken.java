package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token a person has granted (RFC 5849 2.3), with what renews it ({@code docs/peer-facts.md}
 * 1.4). Times are kept to the millisecond.
 *
 * @param value sent as {@code oauth_token}, not empty
 * @param secret may be empty
 * @param sessionHandle null where the peer does not renew
 * @param expiresAt null where the peer did not say
 */
public record AccessToken(
    String value, Secret secret, @Nullable Secret sessionHandle, @Nullable Instant expiresAt) {

  public AccessToken {
    Objects.requireNonNull(secret, "secret");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("A token must not be empty.");
    }
    expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Prints neither token nor secrets. */
  @Override
  public String toString() {
    return "AccessToken[masked, expires " + expiresAt + "]";
  }
}
