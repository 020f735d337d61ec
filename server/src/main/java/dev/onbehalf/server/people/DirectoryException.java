package dev.onbehalf.server.people;

/** The directory cannot answer now; the message is one sentence for the administrator. */
public final class DirectoryException extends RuntimeException {
  public DirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
