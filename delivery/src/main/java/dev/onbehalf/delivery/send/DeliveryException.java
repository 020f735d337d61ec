package dev.onbehalf.delivery.send;

/** Says why a site could not be made to answer, in one sentence with the remedy. */
public final class DeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  DeliveryException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** What is to be done about it. */
  public enum Kind {
    /** Wait and send again: no connection, no usable answer, too many requests. */
    UNREACHABLE,
    /** A person must correct the site, the credential or its permissions. */
    MISCONFIGURED,
    /** The token was not accepted. */
    UNAUTHORISED,
    /** What was asked for is unknown to the site. */
    NOT_FOUND,
    /** The request is too large: send fewer entities. */
    TOO_LARGE,
    /** The site will never take this request. */
    REFUSED
  }
}
