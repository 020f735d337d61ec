package dev.onbehalf.server.store;

import dev.onbehalf.oauth1.Secret;

/** Seals secrets for storage and makes keyed fingerprints by which they can be found again. */
public interface Sealer {

  /**
   * Encrypts {@code secret}; {@code context} (such as {@code "token:17"}) must match at opening.
   */
  byte[] seal(Secret secret, String context);

  /**
   * Decrypts what {@link #seal} made.
   *
   * @throws IllegalStateException if the keyset or the context is another one
   */
  Secret open(byte[] sealed, String context);

  /** Returns a keyed hash (32 bytes) of {@code value}, distinct per {@code purpose}. */
  byte[] fingerprint(String purpose, String value);
}
