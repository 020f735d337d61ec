package dev.onbehalf.oauth1;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * RSA by a security provider; keys pass through its own factory if it has one, which some need to
 * be fast.
 */
final class ProviderRsaEngine implements RsaEngine {
  private final Provider provider;

  ProviderRsaEngine(Provider provider) {
    this.provider = Objects.requireNonNull(provider, "provider");
  }

  @Override
  public PublicOperation publicOperation(RSAPublicKey key) {
    try {
      PublicKey own = (PublicKey) own(key);
      Idle<Cipher> ciphers =
          new Idle<>(
              () -> {
                Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
                cipher.init(Cipher.ENCRYPT_MODE, own);
                return cipher;
              });
      ciphers.give(ciphers.take());
      int length = (key.getModulus().bitLength() + 7) / 8;
      return signature -> {
        Cipher cipher = ciphers.take();
        byte[] encoded = cipher.doFinal(signature);
        ciphers.give(cipher);
        if (encoded.length != length) {
          throw new InvalidKeyException("The provider returned a number of another length.");
        }
        return encoded;
      };
    } catch (GeneralSecurityException e) {
      throw refused(e);
    }
  }

  @Override
  public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
    try {
      PrivateKey own = (PrivateKey) own(key);
      Idle<Signature> signatures =
          new Idle<>(
              () -> {
                Signature signature = Signature.getInstance(method.signatureAlgorithm(), provider);
                signature.initSign(own);
                return signature;
              });
      return JdkRsaEngine.signing(signatures);
    } catch (GeneralSecurityException e) {
      throw refused(e);
    }
  }

  @Override
  public String toString() {
    return provider.getName();
  }

  private Key own(Key key) throws GeneralSecurityException {
    return provider.getService("KeyFactory", "RSA") == null
        ? key
        : KeyFactory.getInstance("RSA", provider).translateKey(key);
  }

  private IllegalArgumentException refused(GeneralSecurityException e) {
    return new IllegalArgumentException(
        "The security provider " + provider.getName() + " does not take this RSA key.", e);
  }
}
