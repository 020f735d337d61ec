package dev.onbehalf.applinks;

import java.io.IOException;

/** A {@link TargetCheck} does not let a request go where it would. */
public final class RefusedTargetException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param reason follows "The link cannot reach the host:" and says what helps, as a sentence that
   *     starts in lower case
   */
  public RefusedTargetException(String reason) {
    super(reason);
  }
}
