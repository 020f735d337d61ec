package dev.onbehalf.oauth1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a body that is no form (the request body hash extension): without it a signature does
 * not cover such a body (RFC 5849 4.12).
 */
public final class BodyHash {
  private BodyHash() {}

  /** Returns the {@code oauth_body_hash} of a body, by the digest the signature method has. */
  public static String of(SignatureMethod method, byte[] body) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance(method.digestAlgorithm()).digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java lacks " + method.digestAlgorithm() + ".", e);
    }
  }

  /**
   * Checks a request's {@code oauth_body_hash}, if it sent one.
   *
   * @param body the body, empty where there is none; null if it is a form, which has no hash
   * @throws OAuthProblemException {@code parameter_rejected} where it does not fit
   */
  public static void check(OAuthMessage message, SignatureMethod method, byte @Nullable [] body) {
    String sent = message.parameter(OAuthParameters.BODY_HASH);
    if (sent == null) {
      return;
    }
    if (body == null || !Secret.of(of(method, body)).equals(Secret.of(sent))) {
      throw OAuthProblemException.rejected(
          OAuthParameters.BODY_HASH,
          body == null
              ? "A request with a form body must not have oauth_body_hash."
              : "The body is not the one the request was signed with.");
    }
  }
}
