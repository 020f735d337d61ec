package dev.onbehalf.server.store;

import org.jspecify.annotations.Nullable;

/**
 * The data directory or the database cannot be used; the message is one sentence with the remedy,
 * for the administrator.
 */
public final class StoreException extends RuntimeException {
  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
