package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;

/** Encrypts what a store keeps; given by the program, which has the key. */
public interface TokenSealer {

  /** Encrypts a secret; {@code context} must be the same at opening. */
  byte[] seal(Secret secret, String context);

  /**
   * Decrypts what {@link #seal} made.
   *
   * @throws IllegalStateException if the key or the context is another one
   */
  Secret open(byte[] sealed, String context);
}
