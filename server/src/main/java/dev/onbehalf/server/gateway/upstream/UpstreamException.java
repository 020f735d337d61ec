package dev.onbehalf.server.gateway.upstream;

/** Why a request could not be answered by the upstream. */
public final class UpstreamException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, as far as the answer to the client depends on it. */
  public enum Reason {
    /** No connection could be made. */
    UNREACHABLE,
    /** The connection broke before the answer was whole. */
    BROKEN,
    /** The answer is not HTTP/1.1, or its header is too large. */
    MALFORMED,
    /** Nothing came for the configured time. */
    SLOW,
    /** Too many requests are under way to this upstream. */
    BUSY,
    /** The client's own request could not be read to its end, or went away. */
    CLIENT,
    /** The request cannot be written as HTTP/1.1. */
    UNSENDABLE
  }

  private final Reason reason;

  public UpstreamException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public UpstreamException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
