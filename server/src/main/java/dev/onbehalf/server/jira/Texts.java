package dev.onbehalf.server.jira;

/** Makes strangers' words fit for an issue. */
final class Texts {
  private Texts() {}

  /** Returns a text on one line, without control and formatting characters, of so many at most. */
  static String plain(String text, int most) {
    StringBuilder plain = new StringBuilder();
    boolean blank = false;
    for (int i = 0; i < text.length() && plain.length() < most - 1; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      if (Character.isWhitespace(c) || type == Character.CONTROL) {
        blank = plain.length() > 0;
      } else if (type != Character.FORMAT
          && type != Character.SURROGATE
          && type != Character.PRIVATE_USE
          && type != Character.UNASSIGNED) {
        if (blank) {
          plain.append(' ');
          blank = false;
        }
        plain.appendCodePoint(c);
      }
    }
    return plain.length() <= most ? plain.toString() : plain.substring(0, most);
  }

  /**
   * Returns a text without what Jira's wiki notation takes for macros, links, mentions, images and
   * tables.
   */
  static String unmarked(String text) {
    return text.replaceAll("[\\[{]", "(")
        .replaceAll("[\\]}]", ")")
        .replaceAll("[|\\\\]", "/")
        .replaceAll("[~^!]", "-");
  }

  /** Returns a URL in which the same notation finds nothing. */
  static String unmarkedUrl(String url) {
    return url.replace("!", "%21").replace("[", "%5B").replace("]", "%5D");
  }
}
