package dev.onbehalf.server.people;

import java.util.Locale;
import java.util.Set;

/**
 * Which user and group names can cross a header and be read the same way on both sides: printable
 * ASCII without the delimiters that upstreams split groups at ({@code docs/threat-model.md} attack
 * 7).
 */
final class Names {
  private static final int LONGEST = 255;

  /** Names that mean something else to Jenkins than a person. */
  private static final Set<String> SPECIAL =
      Set.of("anonymous", "authenticated", "system", "unknown");

  private Names() {}

  /**
   * Checks a user name.
   *
   * @throws IllegalArgumentException with one sentence if it may not be used
   */
  static String requireUser(String name) {
    requirePrintable("user name", name);
    if (name.indexOf(' ') >= 0) {
      throw new IllegalArgumentException("A user name may not contain a space: '" + name + "'.");
    }
    if (SPECIAL.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "'" + name + "' means something else to Jenkins; choose another user name.");
    }
    return name;
  }

  /**
   * Checks a group name.
   *
   * @throws IllegalArgumentException with one sentence if it may not be used
   */
  static String requireGroup(String name) {
    requirePrintable("group name", name);
    if (SPECIAL.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "'" + name + "' means something else to Jenkins; choose another group name.");
    }
    return name;
  }

  private static void requirePrintable(String what, String name) {
    if (name.isEmpty() || name.length() > LONGEST || !name.equals(name.strip())) {
      throw new IllegalArgumentException(
          "A " + what + " has 1 to " + LONGEST + " characters, no space at either end.");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c > '~' || c == '|' || c == ',') {
        throw new IllegalArgumentException(
            "A "
                + what
                + " is printable ASCII without '|' and ','; character "
                + (i + 1)
                + " is not.");
      }
    }
  }
}
