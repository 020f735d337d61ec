package dev.onbehalf.server.receive.query;

import java.util.ArrayList;
import java.util.List;

/**
 * A word, quoted text or symbol of a query.
 *
 * @param kind which of them
 * @param text its text, without quotes and escapes
 * @param start offset of its first character
 * @param end offset after its last character
 */
record Token(Kind kind, String text, int start, int end) {
  /** Characters of the longest query. */
  static final int LONGEST_QUERY = 4_000;

  private static final String SYMBOLS = "=!<>~(),";

  enum Kind {
    WORD,
    QUOTED,
    SYMBOL,
    END
  }

  /** Whether it is that word, in any case, and not quoted. */
  boolean isWord(String word) {
    return kind == Kind.WORD && text.equalsIgnoreCase(word);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isEnd() {
    return kind == Kind.END;
  }

  boolean isValue() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** Returns how a sentence names it. */
  String shown() {
    return isEnd() ? "the end" : "'" + (text.length() > 60 ? text.substring(0, 60) : text) + "'";
  }

  /**
   * Takes a query to pieces; the last one is the end.
   *
   * @throws QueryFault if quotes are not closed, or it is too long
   */
  static List<Token> of(String query) {
    if (query.length() > LONGEST_QUERY) {
      throw new QueryFault(
          LONGEST_QUERY,
          query.length(),
          "a query has at most " + LONGEST_QUERY + " characters; ask for less at once.");
    }
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < query.length()) {
      char c = query.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      Token token =
          c == '"' || c == '\''
              ? quoted(query, at)
              : SYMBOLS.indexOf(c) >= 0 ? symbol(query, at) : word(query, at);
      check(token);
      tokens.add(token);
      at = token.end();
    }
    tokens.add(new Token(Kind.END, "", query.length(), query.length()));
    return tokens;
  }

  private static Token quoted(String query, int start) {
    char quote = query.charAt(start);
    StringBuilder text = new StringBuilder();
    for (int at = start + 1; at < query.length(); at++) {
      char c = query.charAt(at);
      if (c == quote) {
        return new Token(Kind.QUOTED, text.toString(), start, at + 1);
      }
      if (c == '\\' && at + 1 < query.length()) {
        c = query.charAt(++at);
      }
      text.append(c);
    }
    throw new QueryFault(start, query.length(), "this quote is not closed; add " + quote + ".");
  }

  private static Token symbol(String query, int start) {
    char c = query.charAt(start);
    boolean two =
        (c == '!' || c == '<' || c == '>')
            && start + 1 < query.length()
            && query.charAt(start + 1) == '=';
    int end = start + (two ? 2 : 1);
    return new Token(Kind.SYMBOL, query.substring(start, end), start, end);
  }

  private static Token word(String query, int start) {
    int end = start + 1;
    while (end < query.length()
        && !Character.isWhitespace(query.charAt(end))
        && query.charAt(end) != '"'
        && query.charAt(end) != '\''
        && SYMBOLS.indexOf(query.charAt(end)) < 0) {
      end++;
    }
    return new Token(Kind.WORD, query.substring(start, end), start, end);
  }

  private static void check(Token token) {
    String text = token.text();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (c == 0 || (Character.isSurrogate(c) && !pair)) {
        throw QueryFault.at(token, "this holds a character that no name has; leave it out.");
      }
      i += pair ? 1 : 0;
    }
  }
}
