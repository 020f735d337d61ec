package dev.onbehalf.oauth1;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer's signatures are verified with, and by which method: the sender never chooses.
 * Making one costs more than using it, so keep it with the consumer record. Safe for several
 * threads.
 */
public abstract sealed class VerificationKey {
  private final SignatureMethod method;

  private VerificationKey(SignatureMethod method) {
    this.method = method;
  }

  /**
   * Makes the key of a consumer that signs by RSA, computed by this Java.
   *
   * @throws IllegalArgumentException if the method is no RSA method or the key is refused by {@link
   *     Keys#requireAcceptable}
   */
  public static VerificationKey rsa(SignatureMethod method, RSAPublicKey key) {
    return rsa(method, key, RsaEngine.jdk());
  }

  /**
   * Makes the key of a consumer that signs by RSA.
   *
   * @throws IllegalArgumentException if the method is no RSA method, the key is refused by {@link
   *     Keys#requireAcceptable}, or the engine does not take it
   */
  public static VerificationKey rsa(SignatureMethod method, RSAPublicKey key, RsaEngine engine) {
    if (!method.isRsa()) {
      throw new IllegalArgumentException(method + " does not take an RSA key.");
    }
    Keys.requireAcceptable(key);
    return new Rsa(method, key, engine);
  }

  /**
   * Makes the key of a consumer that signs with a shared secret.
   *
   * @param tokenSecret empty where the request has no token
   * @throws IllegalArgumentException if the method is no HMAC method or the consumer secret is
   *     empty
   */
  public static VerificationKey hmac(
      SignatureMethod method, Secret consumerSecret, Secret tokenSecret) {
    return new Hmac(method, hmacKey(method, consumerSecret, tokenSecret));
  }

  static SecretKeySpec hmacKey(SignatureMethod method, Secret consumerSecret, Secret tokenSecret) {
    if (method.isRsa()) {
      throw new IllegalArgumentException(method + " does not take a shared secret.");
    }
    if (consumerSecret.isEmpty()) {
      throw new IllegalArgumentException("An empty consumer secret signs nothing.");
    }
    String key =
        PercentEncoding.encode(consumerSecret.reveal())
            + '&'
            + PercentEncoding.encode(tokenSecret.reveal());
    return new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), method.signatureAlgorithm());
  }

  /** Returns the one method that is accepted. */
  public SignatureMethod method() {
    return method;
  }

  /** Prints the method alone. */
  @Override
  public String toString() {
    return "VerificationKey[" + method.parameterValue() + "]";
  }

  /** Starts to check one signature; null where its form alone refuses it. */
  abstract @Nullable Attempt attempt(EncodedParameters parameters, int signatureIndex);

  /** One signature, held against the base strings of several URLs. */
  @FunctionalInterface
  interface Attempt {
    boolean matches(BaseString base, Scratch scratch);
  }

  private static final class Rsa extends VerificationKey {
    private static final byte[] SHA1_INFO =
        HexFormat.of().parseHex("3021300906052b0e03021a05000414");
    private static final byte[] SHA256_INFO =
        HexFormat.of().parseHex("3031300d060960864801650304020105000420");

    private final RsaEngine.PublicOperation operation;
    private final int hashLength;

    /** EMSA-PKCS1-v1_5 (RFC 8017 9.2) up to the hash. */
    private final byte[] prefix;

    Rsa(SignatureMethod method, RSAPublicKey key, RsaEngine engine) {
      super(method);
      Objects.requireNonNull(engine, "engine");
      operation = engine.publicOperation(key);
      byte[] info = method == SignatureMethod.RSA_SHA1 ? SHA1_INFO : SHA256_INFO;
      hashLength = info[info.length - 1];
      prefix = new byte[(key.getModulus().bitLength() + 7) / 8 - hashLength];
      Arrays.fill(prefix, (byte) 0xFF);
      prefix[0] = 0;
      prefix[1] = 1;
      prefix[prefix.length - info.length - 1] = 0;
      System.arraycopy(info, 0, prefix, prefix.length - info.length, info.length);
    }

    @Override
    @Nullable Attempt attempt(EncodedParameters parameters, int signatureIndex) {
      byte[] signature =
          StrictBase64.decode(
              parameters.array(),
              parameters.valueStart(signatureIndex),
              parameters.end(signatureIndex),
              prefix.length + hashLength);
      if (signature == null) {
        return null;
      }
      byte[] encoded;
      try {
        encoded = operation.recover(signature);
      } catch (GeneralSecurityException e) {
        return null;
      }
      return (base, scratch) -> {
        byte[] hash = scratch.hash();
        base.digest(scratch.digestFor(method()), hash, hashLength);
        int difference = encoded.length - prefix.length - hashLength;
        for (int i = 0; i < prefix.length; i++) {
          difference |= encoded[i] ^ prefix[i];
        }
        for (int i = 0; i < hashLength; i++) {
          difference |= encoded[prefix.length + i] ^ hash[i];
        }
        return difference == 0;
      };
    }
  }

  private static final class Hmac extends VerificationKey {
    private final SecretKeySpec key;

    Hmac(SignatureMethod method, SecretKeySpec key) {
      super(method);
      this.key = key;
    }

    @Override
    @Nullable Attempt attempt(EncodedParameters parameters, int signatureIndex) {
      Mac mac = mac(key);
      byte[] signature =
          StrictBase64.decode(
              parameters.array(),
              parameters.valueStart(signatureIndex),
              parameters.end(signatureIndex),
              mac.getMacLength());
      return signature == null
          ? null
          : (base, scratch) -> MessageDigest.isEqual(signature, base.mac(mac));
    }
  }

  static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("This Java lacks " + key.getAlgorithm() + ".", e);
    }
  }
}
