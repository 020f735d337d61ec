package dev.onbehalf.applinks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request got no usable answer; the message says why and what helps, in one or two sentences. */
public class ResponseException extends Exception {
  private static final long serialVersionUID = 1;

  private final LinkError error;

  /** Makes one of an unnamed kind, for handlers. */
  public ResponseException(String message) {
    this(LinkError.UNKNOWN, message, null);
  }

  /** Makes one of an unnamed kind, for handlers. */
  public ResponseException(String message, Throwable cause) {
    this(LinkError.UNKNOWN, message, cause);
  }

  /** Makes one of a kind. */
  public ResponseException(LinkError error, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.error = Objects.requireNonNull(error, "error");
  }

  /** Returns the kind of failure. */
  public LinkError getError() {
    return error;
  }
}
