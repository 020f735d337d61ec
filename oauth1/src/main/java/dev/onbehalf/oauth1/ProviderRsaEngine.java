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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * RSA by a security provider; keys pass through its own factory if it has one, which some need to
 * be fast.
 */
final class ProviderRsaEngine implements RsaEngine {
  private static final int MOST_KEPT = 16;

  private final Provider provider;

  ProviderRsaEngine(Provider provider) {
    this.provider = Objects.requireNonNull(provider, "provider");
  }

  @Override
  public PublicOperation publicOperation(RSAPublicKey key) {
    try {
      PublicKey own = (PublicKey) own(key);
      Ciphers ciphers = new Ciphers(provider, own);
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
      return text -> {
        Signature signature = Signature.getInstance(method.signatureAlgorithm(), provider);
        signature.initSign(own);
        signature.update(text);
        return signature.sign();
      };
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

  /** Initialised ciphers of one key, each used by one thread at a time. */
  private static final class Ciphers {
    private final Provider provider;
    private final PublicKey key;
    private final ConcurrentLinkedQueue<Cipher> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger idleCount = new AtomicInteger();

    Ciphers(Provider provider, PublicKey key) {
      this.provider = provider;
      this.key = key;
    }

    Cipher take() throws GeneralSecurityException {
      @Nullable Cipher cipher = idle.poll();
      if (cipher != null) {
        idleCount.decrementAndGet();
        return cipher;
      }
      Cipher fresh = Cipher.getInstance("RSA/ECB/NoPadding", provider);
      fresh.init(Cipher.ENCRYPT_MODE, key);
      return fresh;
    }

    void give(Cipher cipher) {
      if (idleCount.incrementAndGet() > MOST_KEPT) {
        idleCount.decrementAndGet();
      } else {
        idle.add(cipher);
      }
    }
  }
}
