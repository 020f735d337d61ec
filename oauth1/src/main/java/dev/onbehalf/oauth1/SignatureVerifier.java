package dev.onbehalf.oauth1;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signature of a request (RFC 5849 3.2). It looks at the signature method, then the
 * version, then the signature; timestamp, nonce, token and consumer are the caller's to check, the
 * nonce after the signature.
 */
public final class SignatureVerifier {
  private static final String VERSION = "1.0";

  private SignatureVerifier() {}

  /**
   * Verifies {@code message}. Several URLs cost one RSA operation together.
   *
   * @param httpMethod the request's method
   * @param urls the absolute URLs it may have been signed for, without query
   * @return the URL it was signed for
   * @throws OAuthProblemException {@code parameter_absent}, {@code signature_method_rejected},
   *     {@code version_rejected} or {@code signature_invalid}
   * @throws IllegalArgumentException if one of {@code urls} is no absolute http or https URL
   */
  public static String verify(
      OAuthMessage message, String httpMethod, List<String> urls, VerificationKey key) {
    checkProtocol(message, key.method());
    String url = matchingUrl(message, httpMethod, urls, key);
    if (url == null) {
      throw new OAuthProblemException(OAuthProblem.SIGNATURE_INVALID);
    }
    return url;
  }

  /**
   * Checks what needs no key: the required parameters, the method and the version.
   *
   * @throws OAuthProblemException {@code parameter_absent}, {@code signature_method_rejected} or
   *     {@code version_rejected}
   */
  public static void checkProtocol(OAuthMessage message, SignatureMethod expected) {
    message.require(
        OAuthParameters.CONSUMER_KEY,
        OAuthParameters.SIGNATURE_METHOD,
        OAuthParameters.SIGNATURE,
        OAuthParameters.TIMESTAMP,
        OAuthParameters.NONCE);
    String method = message.signatureMethod();
    if (!expected.parameterValue().equals(method)) {
      throw new OAuthProblemException(
          OAuthProblem.SIGNATURE_METHOD_REJECTED,
          "The request names another signature method than "
              + expected.parameterValue()
              + ", which its consumer record has.");
    }
    String version = message.version();
    if (version != null && !version.equals(VERSION)) {
      throw new OAuthProblemException(
          OAuthProblem.VERSION_REJECTED,
          OAuthProblem.VERSION_REJECTED.hint(),
          Map.of(OAuthParameters.ACCEPTABLE_VERSIONS, VERSION + "-" + VERSION));
    }
  }

  /**
   * Finds the URL a message was signed for, whatever method, version, or other protocol parameters
   * it names: for a diagnosis that tries variants.
   *
   * @return null where the signature fits none
   * @throws IllegalArgumentException if one of {@code urls} is no absolute http or https URL
   */
  public static @Nullable String matchingUrl(
      OAuthMessage message, String httpMethod, List<String> urls, VerificationKey key) {
    if (message.signatureIndex() < 0) {
      return null;
    }
    VerificationKey.Attempt attempt = key.attempt(message.encoded(), message.signatureIndex());
    if (attempt == null) {
      return null;
    }
    Scratch scratch = Scratch.acquire();
    try {
      BaseString base = BaseString.of(message.encoded(), message.signatureIndex(), scratch);
      for (String url : urls) {
        base.target(httpMethod, url);
        if (attempt.matches(base, scratch)) {
          return url;
        }
      }
      return null;
    } finally {
      scratch.release();
    }
  }
}
