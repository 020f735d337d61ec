package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;
import java.util.Objects;

/**
 * A token that waits for a person's decision (RFC 5849 2.1).
 *
 * @param value sent as {@code oauth_token}, not empty
 * @param secret may be empty
 * @param outOfBand whether the person gets a code to type in, rather than being sent back
 */
public record RequestToken(String value, Secret secret, boolean outOfBand) {

  public RequestToken {
    Objects.requireNonNull(secret, "secret");
    if (value.isEmpty()) {
      throw new IllegalArgumentException("A token must not be empty.");
    }
  }

  /** Prints neither token nor secret. */
  @Override
  public String toString() {
    return "RequestToken[masked]";
  }
}
