package dev.onbehalf.server.build;

/** A build that may not act; the message is one sentence the build may know. */
public final class RefusedBuildException extends Exception {
  /** The problem of a build that may try again in a moment. */
  public static final String BUSY = "busy";

  private static final long serialVersionUID = 1;

  private final String problem;
  private final String detail;

  RefusedBuildException(String problem, String sentence, String detail) {
    super(sentence, null, false, false);
    this.problem = problem;
    this.detail = detail;
  }

  RefusedBuildException(String problem, String sentence) {
    this(problem, sentence, "");
  }

  /** Returns a word for the audit trail, such as {@code build-token-replayed}. */
  public String problem() {
    return problem;
  }

  /** Returns what the administrator may know beyond the message; empty for nothing. */
  public String detail() {
    return detail;
  }
}
