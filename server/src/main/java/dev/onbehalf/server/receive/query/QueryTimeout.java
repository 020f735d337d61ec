package dev.onbehalf.server.receive.query;

/** A query that took longer than it may, or for which there is no time now. */
public final class QueryTimeout extends RuntimeException {
  QueryTimeout(long seconds, Throwable cause) {
    super(
        "The query was stopped after "
            + seconds
            + " seconds; ask for a project, an environment or a shorter time.",
        cause);
  }

  QueryTimeout(String sentence) {
    super(sentence, null, false, false);
  }

  /** Returns what happened and what can be done. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
