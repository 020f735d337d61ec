package dev.onbehalf.server.config;

import java.util.regex.Pattern;

/**
 * Characters that would make a line of a log or a record read as another: control characters, line
 * separators, and those that turn the direction of writing.
 */
public final class Unprintable {
  /** A regular expression for one of them. */
  public static final String REGEX =
      "[\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]";

  private static final Pattern PATTERN = Pattern.compile(REGEX);

  private Unprintable() {}

  /** Puts {@code substitute} in the place of each. */
  public static String replace(String text, String substitute) {
    return PATTERN.matcher(text).replaceAll(substitute);
  }
}
