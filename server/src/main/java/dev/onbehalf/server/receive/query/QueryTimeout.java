package dev.onbehalf.server.receive.query;

/** A query that took longer than it may. */
public final class QueryTimeout extends RuntimeException {
  QueryTimeout(long seconds, Throwable cause) {
    super(
        "The query was stopped after "
            + seconds
            + " seconds; ask for a project, an environment or a shorter time.",
        cause);
  }

  /** Returns what happened and what can be done. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
