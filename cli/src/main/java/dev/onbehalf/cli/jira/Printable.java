package dev.onbehalf.cli.jira;

/** Makes text from elsewhere safe for a terminal and a log. */
final class Printable {
  private Printable() {}

  /** Returns {@code text} on one line, control characters replaced. */
  static String line(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(line::appendCodePoint);
    return line.toString();
  }
}
