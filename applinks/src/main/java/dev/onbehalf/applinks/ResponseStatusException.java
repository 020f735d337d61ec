package dev.onbehalf.applinks;

/** The peer answered with a status other than 2xx. */
public final class ResponseStatusException extends ResponseException {
  private static final long serialVersionUID = 1;

  private final int statusCode;

  ResponseStatusException(LinkError error, String message, int statusCode) {
    super(error, message, null);
    this.statusCode = statusCode;
  }

  /** Returns the HTTP status. */
  public int getStatusCode() {
    return statusCode;
  }
}
