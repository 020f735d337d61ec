package dev.onbehalf.server.access;

import java.util.Locale;

/** A named set of requests that a consumer or a token may be limited to. */
public enum PermissionSet {
  /** Whatever the person may do. */
  EVERYTHING,
  /** Requests that only read: GET, HEAD and OPTIONS. */
  READ_ONLY,
  /** Reading, and starting builds. */
  TRIGGER_BUILDS;

  /** Returns the name administrators write, such as {@code read-only}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
