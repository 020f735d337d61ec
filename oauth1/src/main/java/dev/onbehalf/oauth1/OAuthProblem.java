package dev.onbehalf.oauth1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The registry of OAuth problems: what a refused request is told, with which status, and what its
 * administrator should look at (RFC 5849 and the problem reporting extension).
 */
public enum OAuthProblem {
  VERSION_REJECTED(400, "3.1", "The client sent an oauth_version other than 1.0; remove it."),
  PARAMETER_ABSENT(
      400,
      "3.1",
      "The client left out a required parameter; a two-legged request must send an empty"
          + " oauth_token."),
  PARAMETER_REJECTED(
      400,
      "3.1",
      "A parameter is malformed, too long or sent twice (say in the header and in the query)."),
  TIMESTAMP_REFUSED(
      400, "3.3", "The clocks of the two machines differ too much; check NTP on both."),
  SIGNATURE_METHOD_REJECTED(
      400,
      "3.4",
      "The client signs by another method than its consumer record names; change one of them."),
  NONCE_USED(
      401, "3.3", "The same request arrived twice: a replay, or a proxy or client that repeats."),
  TOKEN_USED(401, "2.3", "The request token was already exchanged; start the authorisation again."),
  TOKEN_EXPIRED(401, "2.3", "The token is too old; the person has to authorise again."),
  TOKEN_REVOKED(401, "2.3", "The token was revoked; the person has to authorise again."),
  TOKEN_REJECTED(
      401, "3.2", "The token is unknown here or belongs to another consumer; authorise again."),
  TOKEN_NOT_AUTHORIZED(401, "2.2", "The person has not yet approved the request token."),
  SIGNATURE_INVALID(
      401,
      "3.2",
      "The signature does not fit: compare the public URL, the key or secret and what a proxy"
          + " changes on the way."),
  CONSUMER_KEY_UNKNOWN(
      401, "3.2", "No consumer of that key is registered; register it or correct the key."),
  CONSUMER_KEY_REJECTED(401, "3.2", "The consumer is registered but may not do this."),
  ADDITIONAL_AUTHORIZATION_REQUIRED(401, "3.2", "The token does not cover this; authorise again."),
  PERMISSION_UNKNOWN(401, "2.2", "The person has not decided on the request token yet."),
  PERMISSION_DENIED(
      401, "2.2", "The person or the consumer record denies this; look at the switches there."),
  CONSUMER_KEY_REFUSED(503, "3.2", "The consumer is refused for the time being; try later."),
  USER_REFUSED(503, "3.2", "The person is refused for the time being; try later.");

  private final String code = name().toLowerCase(Locale.ROOT);
  private final int status;
  private final String rfcSection;
  private final String hint;

  OAuthProblem(int status, String rfcSection, String hint) {
    this.status = status;
    this.rfcSection = rfcSection;
    this.hint = hint;
  }

  /** Returns the value of {@code oauth_problem}, for example {@code signature_invalid}. */
  public String code() {
    return code;
  }

  /** Returns the HTTP status that goes with it. */
  public int status() {
    return status;
  }

  /** Returns the section of RFC 5849 that speaks of it. */
  public String rfcSection() {
    return rfcSection;
  }

  /** Returns one sentence for the administrator; never for the wire. */
  public String hint() {
    return hint;
  }

  /**
   * Finds a problem by its code.
   *
   * @return null where the registry has no such code
   */
  public static @Nullable OAuthProblem withCode(@Nullable String code) {
    for (OAuthProblem problem : values()) {
      if (problem.code.equals(code)) {
        return problem;
      }
    }
    return null;
  }
}
