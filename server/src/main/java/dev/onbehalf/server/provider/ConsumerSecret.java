package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A shared secret by which a consumer's HMAC signatures are checked.
 *
 * @param id our own id of it
 * @param value 16 to 1000 characters
 * @param created when it was registered
 * @param lastUsed when a signature last fitted it, to about a minute; null if none has
 */
public record ConsumerSecret(String id, Secret value, Instant created, @Nullable Instant lastUsed) {
  private static final int SHORTEST = 16;
  private static final int LONGEST = 1000;

  public ConsumerSecret {
    int length = value.reveal().length();
    if (length < SHORTEST || length > LONGEST) {
      throw new IllegalArgumentException(
          "The shared secret needs " + SHORTEST + " to " + LONGEST + " characters.");
    }
  }
}
