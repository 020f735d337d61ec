package dev.onbehalf.oauth1;

import org.jspecify.annotations.Nullable;

/**
 * The signature methods this library signs and verifies (RFC 5849 section 3.4); PLAINTEXT is left
 * out on purpose.
 */
public enum SignatureMethod {
  RSA_SHA1("RSA-SHA1", "SHA-1", "SHA1withRSA", true),
  RSA_SHA256("RSA-SHA256", "SHA-256", "SHA256withRSA", true),
  HMAC_SHA1("HMAC-SHA1", "SHA-1", "HmacSHA1", false),
  HMAC_SHA256("HMAC-SHA256", "SHA-256", "HmacSHA256", false);

  private final String parameterValue;
  private final String digestAlgorithm;
  private final String signatureAlgorithm;
  private final boolean rsa;

  SignatureMethod(
      String parameterValue, String digestAlgorithm, String signatureAlgorithm, boolean rsa) {
    this.parameterValue = parameterValue;
    this.digestAlgorithm = digestAlgorithm;
    this.signatureAlgorithm = signatureAlgorithm;
    this.rsa = rsa;
  }

  /** Returns the value of {@code oauth_signature_method}, for example {@code RSA-SHA1}. */
  public String parameterValue() {
    return parameterValue;
  }

  /** Returns whether the method signs with an RSA key; the others use shared secrets. */
  public boolean isRsa() {
    return rsa;
  }

  /**
   * Finds a method by its {@code oauth_signature_method} value, case-sensitively as RFC 5849 has
   * it.
   *
   * @return null where this library has no such method
   */
  public static @Nullable SignatureMethod named(@Nullable String parameterValue) {
    for (SignatureMethod method : values()) {
      if (method.parameterValue.equals(parameterValue)) {
        return method;
      }
    }
    return null;
  }

  String digestAlgorithm() {
    return digestAlgorithm;
  }

  /** The JCA name: of a {@code Signature} for RSA, of a {@code Mac} otherwise. */
  String signatureAlgorithm() {
    return signatureAlgorithm;
  }
}
