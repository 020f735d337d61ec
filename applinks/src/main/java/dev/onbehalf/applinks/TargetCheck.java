package dev.onbehalf.applinks;

import java.io.IOException;
import java.net.URI;

/** Looks at where a request goes, right before it is sent and again for every redirect. */
@FunctionalInterface
public interface TargetCheck {

  /**
   * Lets a request pass, or not.
   *
   * @throws RefusedTargetException if it must not go there
   * @throws IOException if its host cannot be looked up
   */
  void check(URI target) throws IOException;
}
