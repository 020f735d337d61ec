package dev.onbehalf.server.receive.query;

/** What is wrong with the text of a query: one sentence, and where. */
public final class QueryFault extends IllegalArgumentException {
  private final int start;
  private final int end;

  /**
   * Says what is wrong.
   *
   * @param start offset of the first character that is wrong
   * @param end offset after the last one; equal to {@code start} where something is missing
   * @param sentence what is wrong and what was expected
   */
  QueryFault(int start, int end, String sentence) {
    super("At character " + (start + 1) + ": " + sentence, null);
    this.start = start;
    this.end = end;
  }

  static QueryFault at(Token token, String sentence) {
    return new QueryFault(token.start(), token.end(), sentence);
  }

  /** Returns the offset of the first character that is wrong. */
  public int start() {
    return start;
  }

  /** Returns the offset after the last character that is wrong. */
  public int end() {
    return end;
  }

  /** Returns the sentence, with the position, counted from 1, before it. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
