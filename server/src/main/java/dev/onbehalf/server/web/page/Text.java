package dev.onbehalf.server.web.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes text that others provided fit to be shown; escaping is the template's. */
public final class Text {
  /** Characters of a name that are shown. */
  static final int NAME_CHARACTERS = 80;

  private static final int LINE_CHARACTERS = 255;
  private static final int COMBINING_CHARACTERS = 3;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Text() {}

  /** Returns a name on one line: clipped, without control and direction characters. */
  public static String name(String given) {
    return clean(given, NAME_CHARACTERS);
  }

  /** Returns a sentence or two on one line, clipped and cleaned as {@link #name} does. */
  public static String line(String given) {
    return clean(given, LINE_CHARACTERS);
  }

  /** Returns a time for people, in UTC. */
  public static String time(Instant time) {
    return TIME.format(time);
  }

  /**
   * Returns text on one line. Control, format and unassigned characters, which could hide or
   * reorder what is read, show as U+FFFD; white space shows as one space; piles of combining marks
   * are cut.
   *
   * @param maximumCharacters code points shown; what is longer ends in an ellipsis
   */
  static String clean(String given, int maximumCharacters) {
    StringBuilder shown = new StringBuilder(Math.min(given.length(), maximumCharacters + 2));
    int count = 0;
    int marks = 0;
    boolean space = true;
    for (int at = 0; at < given.length(); ) {
      int c = given.codePointAt(at);
      at += Character.charCount(c);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
        if (space) {
          continue;
        }
        c = ' ';
      }
      space = c == ' ';
      int type = Character.getType(c);
      boolean mark = type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
      marks = mark ? marks + 1 : 0;
      if (marks > COMBINING_CHARACTERS) {
        continue;
      }
      if (count == maximumCharacters) {
        return shown.append('…').toString();
      }
      shown.appendCodePoint(hidden(type) ? 0xFFFD : c);
      count++;
    }
    return shown.toString().strip();
  }

  private static boolean hidden(int type) {
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED;
  }
}
