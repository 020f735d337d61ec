package dev.onbehalf.server.provider;

import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A public key by which a consumer's RSA signatures are checked.
 *
 * @param id our own id of it
 * @param key the key, of at least 2048 bits
 * @param created when it was registered
 * @param lastUsed when a signature last fitted it, to about a minute; null if none has
 */
public record ConsumerPublicKey(
    String id, RSAPublicKey key, Instant created, @Nullable Instant lastUsed) {
  private static final int FEWEST_BITS = 2048;
  private static final int MOST_BITS = 8192;

  public ConsumerPublicKey {
    int bits = key.getModulus().bitLength();
    if (bits < FEWEST_BITS || bits > MOST_BITS) {
      throw new IllegalArgumentException(
          "The public key has "
              + bits
              + " bits; it needs "
              + FEWEST_BITS
              + " to "
              + MOST_BITS
              + ".");
    }
  }
}
