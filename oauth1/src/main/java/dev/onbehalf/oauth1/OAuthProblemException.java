package dev.onbehalf.oauth1;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A request is refused with an {@link OAuthProblem}. The message is for the administrator; only the
 * problem and {@link #parameters()} go to the client. It carries no stack trace, so that refusing
 * stays cheap.
 */
public final class OAuthProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final OAuthProblem problem;
  private final transient Map<String, String> parameters;

  /** Refuses with {@code problem}, nothing added on the wire, its hint as the message. */
  public OAuthProblemException(OAuthProblem problem) {
    this(problem, problem.hint(), Map.of());
  }

  /**
   * Refuses with {@code problem}.
   *
   * @param detail one sentence for the administrator
   */
  public OAuthProblemException(OAuthProblem problem, String detail) {
    this(problem, detail, Map.of());
  }

  /**
   * Refuses with {@code problem}.
   *
   * @param detail one sentence for the administrator
   * @param parameters further {@code oauth_*} parameters for the client, in the order to send
   */
  public OAuthProblemException(
      OAuthProblem problem, String detail, Map<String, String> parameters) {
    super(detail, null, false, false);
    this.problem = Objects.requireNonNull(problem, "problem");
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Refuses for want of the named parameters. */
  public static OAuthProblemException absent(Collection<String> names) {
    return new OAuthProblemException(
        OAuthProblem.PARAMETER_ABSENT,
        "The request lacks " + String.join(", ", names) + ".",
        Map.of(OAuthParameters.PARAMETERS_ABSENT, join(names)));
  }

  /** Refuses for want of the named parameters. */
  public static OAuthProblemException absent(String... names) {
    return absent(Arrays.asList(names));
  }

  /**
   * Refuses the named parameter.
   *
   * @param detail one sentence for the administrator
   */
  public static OAuthProblemException rejected(String name, String detail) {
    return new OAuthProblemException(
        OAuthProblem.PARAMETER_REJECTED,
        detail,
        Map.of(OAuthParameters.PARAMETERS_REJECTED, join(List.of(name))));
  }

  /** Returns the same refusal with {@code oauth_problem_advice}, a text the client may show. */
  public OAuthProblemException withAdvice(String advice) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(OAuthParameters.PROBLEM_ADVICE, advice);
    return new OAuthProblemException(problem, detail(), more);
  }

  public OAuthProblem problem() {
    return problem;
  }

  /** Returns what the client is told beside the problem code, in the order to send. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Returns one sentence for the administrator; never for the wire. */
  public String detail() {
    return Objects.requireNonNullElse(getMessage(), problem.hint());
  }

  private static String join(Collection<String> names) {
    return names.stream().map(PercentEncoding::encode).collect(Collectors.joining("&"));
  }
}
