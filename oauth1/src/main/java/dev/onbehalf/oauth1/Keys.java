package dev.onbehalf.oauth1;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Reads, makes and prints RSA keys. Everything that refuses a text says in one sentence why, never
 * quoting the text.
 */
public final class Keys {
  /** The smallest modulus accepted, in bits. */
  public static final int MIN_BITS = 2048;

  /** The largest modulus accepted, in bits. */
  public static final int MAX_BITS = 8192;

  private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65537);
  private static final int MAX_EXPONENT_BITS = 64;
  private static final int MAX_TEXT_CHARS = 64 * 1024;

  private Keys() {}

  /**
   * Reads a public key: PEM ({@code PUBLIC KEY}, {@code RSA PUBLIC KEY} or {@code CERTIFICATE}) or
   * the bare Base64 of a SubjectPublicKeyInfo, as Atlassian products show it.
   *
   * @throws IllegalArgumentException if it is none of these, or {@link #requireAcceptable} refuses
   *     it
   */
  public static RSAPublicKey publicKey(String text) {
    Pem pem = Pem.read(text, MAX_TEXT_CHARS);
    RSAPublicKey key =
        switch (pem.label()) {
          case "", "PUBLIC KEY" -> decodePublic(pem.content());
          case "RSA PUBLIC KEY" -> decodePublic(Der.subjectPublicKeyInfo(pem.content()));
          case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
              decodeCertificate(pem.content());
          case "PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" ->
              throw new IllegalArgumentException(
                  "This is a private key; give the public key that belongs to it.");
          default ->
              throw new IllegalArgumentException(
                  "PEM of the kind '" + pem.label() + "' holds no RSA public key.");
        };
    requireAcceptable(key);
    return key;
  }

  /**
   * Reads an unencrypted private key: PEM of PKCS#8 ({@code PRIVATE KEY}) or PKCS#1 ({@code RSA
   * PRIVATE KEY}), or the bare Base64 of PKCS#8.
   *
   * @throws IllegalArgumentException if it is none of these, or {@link #requireAcceptable} refuses
   *     its public half
   */
  public static RSAPrivateCrtKey privateKey(Secret text) {
    Pem pem = Pem.read(text.reveal(), MAX_TEXT_CHARS);
    if (pem.encrypted()) {
      throw new IllegalArgumentException(
          "The private key is encrypted; decrypt it first, with 'openssl pkey -in FILE'.");
    }
    byte[] pkcs8 =
        switch (pem.label()) {
          case "", "PRIVATE KEY" -> pem.content();
          case "RSA PRIVATE KEY" -> Der.privateKeyInfo(pem.content());
          case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE" ->
              throw new IllegalArgumentException(
                  "This is a public key or certificate; give the private key.");
          default ->
              throw new IllegalArgumentException(
                  "PEM of the kind '" + pem.label() + "' holds no RSA private key.");
        };
    PrivateKey key;
    try {
      key = rsa().generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException e) {
      throw new IllegalArgumentException("The text is not an RSA private key in PKCS#8.", e);
    }
    if (!(key instanceof RSAPrivateCrtKey full)) {
      throw new IllegalArgumentException("The RSA private key lacks its primes.");
    }
    requireAcceptable(publicHalf(full));
    return full;
  }

  /**
   * Holds a key against what is safe to verify with: 2048 to 8192 bits, an odd exponent from 65537
   * to 64 bits.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static void requireAcceptable(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    if (bits < MIN_BITS) {
      throw new IllegalArgumentException(
          "The RSA key has " + bits + " bits; at least " + MIN_BITS + " are needed.");
    }
    if (bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "The RSA key has " + bits + " bits; at most " + MAX_BITS + " are accepted.");
    }
    BigInteger exponent = key.getPublicExponent();
    if (exponent.compareTo(MIN_EXPONENT) < 0
        || exponent.bitLength() > MAX_EXPONENT_BITS
        || !exponent.testBit(0)) {
      throw new IllegalArgumentException(
          "The RSA key's public exponent must be odd, at least 65537 and at most 64 bits long.");
    }
    if (key.getModulus().signum() < 0 || !key.getModulus().testBit(0)) {
      throw new IllegalArgumentException("The RSA key's modulus is not a product of two primes.");
    }
  }

  /**
   * Makes a key pair with exponent 65537.
   *
   * @throws IllegalArgumentException if {@code bits} is outside 2048 to 8192
   */
  public static KeyPair generate(int bits) {
    if (bits < MIN_BITS || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "An RSA key must have " + MIN_BITS + " to " + MAX_BITS + " bits, not " + bits + ".");
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java lacks RSA.", e);
    }
  }

  /** Returns the public half of a private key. */
  public static RSAPublicKey publicHalf(RSAPrivateCrtKey key) {
    try {
      return (RSAPublicKey)
          rsa().generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    } catch (InvalidKeySpecException e) {
      throw new IllegalArgumentException("The RSA private key is broken.", e);
    }
  }

  /** Prints a key as the one-line Base64 of its SubjectPublicKeyInfo. */
  public static String base64(RSAPublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  /** Prints a key as PEM ({@code PUBLIC KEY}), lines of 64 characters, a line feed at the end. */
  public static String pem(RSAPublicKey key) {
    return Pem.write("PUBLIC KEY", key.getEncoded());
  }

  /** Prints a key as unencrypted PKCS#8 PEM ({@code PRIVATE KEY}). */
  public static Secret pem(RSAPrivateCrtKey key) {
    return Secret.of(Pem.write("PRIVATE KEY", key.getEncoded()));
  }

  /** Returns the SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: a name for a key. */
  public static String thumbprint(RSAPublicKey key) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java lacks SHA-256.", e);
    }
  }

  private static RSAPublicKey decodePublic(byte[] content) {
    try {
      return (RSAPublicKey) rsa().generatePublic(new X509EncodedKeySpec(content));
    } catch (InvalidKeySpecException e) {
      throw new IllegalArgumentException(
          "The text is not an RSA public key (a SubjectPublicKeyInfo).", e);
    }
  }

  private static RSAPublicKey decodeCertificate(byte[] content) {
    PublicKey key;
    try {
      key =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(content))
              .getPublicKey();
    } catch (CertificateException e) {
      throw new IllegalArgumentException("The text is not an X.509 certificate.", e);
    }
    if (key instanceof RSAPublicKey rsa) {
      return rsa;
    }
    throw new IllegalArgumentException(
        "The certificate holds a key of kind " + key.getAlgorithm() + "; RSA is needed.");
  }

  private static KeyFactory rsa() {
    try {
      return KeyFactory.getInstance("RSA");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java lacks RSA.", e);
    }
  }
}
