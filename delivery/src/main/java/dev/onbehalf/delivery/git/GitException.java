package dev.onbehalf.delivery.git;

/** Says in one sentence why git could not answer. */
public final class GitException extends Exception {
  private static final long serialVersionUID = 1L;

  GitException(String message) {
    super(message);
  }
}
