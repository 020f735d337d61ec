package dev.onbehalf.server.people;

import dev.onbehalf.server.web.TemporaryFailure;

/** The directory cannot answer now; the message is one sentence for the administrator. */
public final class DirectoryException extends RuntimeException implements TemporaryFailure {
  public DirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
