package hudson;

/** Stands in for the exception by which a step fails with a message instead of a stack trace. */
public final class AbortException extends Exception {
  private static final long serialVersionUID = 1L;

  public AbortException(String message) {
    super(message);
  }
}
