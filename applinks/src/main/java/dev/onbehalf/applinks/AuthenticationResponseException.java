package dev.onbehalf.applinks;

import org.jspecify.annotations.Nullable;

/** The peer refused the credentials for a reason a new authorisation would not mend. */
public final class AuthenticationResponseException extends ResponseException {
  private static final long serialVersionUID = 1;

  private final @Nullable String problem;
  private final @Nullable String advice;

  AuthenticationResponseException(
      LinkError error, String message, @Nullable String problem, @Nullable String advice) {
    super(error, message, null);
    this.problem = problem;
    this.advice = advice;
  }

  /** Returns the peer's {@code oauth_problem}; null where it gave none. */
  public @Nullable String getProblem() {
    return problem;
  }

  /** Returns the peer's {@code oauth_problem_advice}, its own words; null where it gave none. */
  public @Nullable String getAdvice() {
    return advice;
  }
}
