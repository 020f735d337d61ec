package dev.onbehalf.applinks;

import org.jspecify.annotations.Nullable;

/** No answer came, or it broke off. */
public final class ResponseTransportException extends ResponseException {
  private static final long serialVersionUID = 1;

  ResponseTransportException(LinkError error, String message, @Nullable Throwable cause) {
    super(error, message, cause);
  }
}
