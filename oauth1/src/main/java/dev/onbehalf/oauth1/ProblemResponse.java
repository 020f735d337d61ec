package dev.onbehalf.oauth1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a refused request is answered with ({@code docs/peer-facts.md} 1.9).
 *
 * @param status HTTP status
 * @param wwwAuthenticate value of the {@code WWW-Authenticate} header
 * @param contentType value of the {@code Content-Type} header; empty where the body is
 * @param body form-encoded, ASCII; may be empty
 */
public record ProblemResponse(int status, String wwwAuthenticate, String contentType, String body) {
  private static final String FORM = "application/x-www-form-urlencoded;charset=UTF-8";
  private static final int MAX_ECHO_CHARS = 4096;

  public ProblemResponse {
    Objects.requireNonNull(wwwAuthenticate, "wwwAuthenticate");
    Objects.requireNonNull(contentType, "contentType");
    Objects.requireNonNull(body, "body");
  }

  /**
   * Answers a refusal, the same parameters in header and body.
   *
   * @param realm the application's base URL
   */
  public static ProblemResponse of(OAuthProblemException refusal, String realm) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(OAuthParameters.PROBLEM, refusal.problem().code());
    parameters.putAll(refusal.parameters());
    StringBuilder header = new StringBuilder(challenge(realm));
    StringBuilder body = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          String encodedName = PercentEncoding.encode(name);
          String encodedValue = PercentEncoding.encode(value);
          if (name.startsWith("oauth_")) {
            header.append(", ").append(encodedName).append("=\"").append(encodedValue).append('"');
          }
          body.append(body.isEmpty() ? "" : "&");
          body.append(encodedName).append('=').append(encodedValue);
        });
    return new ProblemResponse(
        refusal.problem().status(), header.toString(), FORM, body.toString());
  }

  /**
   * Answers that a kind of access is switched off for the consumer, or that the person may not sign
   * in: 401 without a problem and without a body, the request's own {@code oauth_} parameters in
   * the header, as many as fit 4096 characters. Atlassian consumers read exactly this shape as
   * "this level is off".
   *
   * @param realm the application's base URL
   */
  public static ProblemResponse levelOff(OAuthMessage message, String realm) {
    return new ProblemResponse(401, echo(message, realm), "", "");
  }

  /**
   * Answers that the server itself failed: 500, otherwise as {@link #levelOff}.
   *
   * @param realm the application's base URL
   */
  public static ProblemResponse internalFailure(OAuthMessage message, String realm) {
    return new ProblemResponse(500, echo(message, realm), "", "");
  }

  /**
   * Returns the bare challenge a 401 from further down the chain gets.
   *
   * @param realm the application's base URL
   */
  public static String challenge(String realm) {
    return "OAuth realm=\"" + PercentEncoding.encode(realm) + '"';
  }

  private static String echo(OAuthMessage message, String realm) {
    StringBuilder header = new StringBuilder(challenge(realm));
    EncodedParameters parameters = message.encoded();
    for (int index : message.protocolIndexes()) {
      String name = PercentEncoding.encode(parameters.name(index));
      String value = PercentEncoding.encode(parameters.value(index));
      if (header.length() + name.length() + value.length() + 5 <= MAX_ECHO_CHARS) {
        header.append(", ").append(name).append("=\"").append(value).append('"');
      }
    }
    return header.toString();
  }
}
