package dev.onbehalf.oauth1;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPublicKey;

/**
 * Who computes RSA: this Java, or a {@link Provider} with native code. An engine is safe for use by
 * several threads, and so are the operations it makes.
 */
public interface RsaEngine {

  /** Makes the public operation of a key that {@link Keys} has accepted. */
  PublicOperation publicOperation(RSAPublicKey key);

  /** Makes the signing operation of a key for an RSA method. */
  SigningOperation signingOperation(PrivateKey key, SignatureMethod method);

  /** Computes with this Java's own arithmetic and default signature provider. */
  static RsaEngine jdk() {
    return JdkRsaEngine.INSTANCE;
  }

  /** Computes with the ciphers and signatures of {@code provider}, keys made by its own factory. */
  static RsaEngine of(Provider provider) {
    return new ProviderRsaEngine(provider);
  }

  /** The RSA public operation of one key (RFC 8017 5.2.2). */
  @FunctionalInterface
  interface PublicOperation {
    /**
     * Raises a signature of the modulus' length in bytes to the public exponent.
     *
     * @return the encoded message, of the same length
     * @throws GeneralSecurityException if the signature is not below the modulus, or the provider
     *     fails
     */
    byte[] recover(byte[] signature) throws GeneralSecurityException;
  }

  /** Signing with one key by one method (RFC 8017 8.2.1). */
  @FunctionalInterface
  interface SigningOperation {
    /** Signs {@code text}. */
    byte[] sign(byte[] text) throws GeneralSecurityException;
  }
}
