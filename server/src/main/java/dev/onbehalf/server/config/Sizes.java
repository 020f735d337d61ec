package dev.onbehalf.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as administrators write them: bytes, or {@code 16kB} and {@code 1MB} in powers of 1024. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(kB|MB)?");

  private Sizes() {}

  static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a size; write bytes, or one such as 16kB or 1MB.");
    }
    long amount = Long.parseLong(matcher.group(1));
    if (matcher.group(2) == null) {
      return amount;
    }
    return amount * (matcher.group(2).equals("kB") ? 1_024 : 1_048_576);
  }
}
