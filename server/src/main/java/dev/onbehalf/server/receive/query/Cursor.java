package dev.onbehalf.server.receive.query;

/**
 * Where a page of results ended.
 *
 * @param millis when its last entity changed
 * @param entity number of that entity
 */
record Cursor(long millis, long entity) {
  private static final int MOST_DIGITS = 18;

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException with one sentence, if it is something else
   */
  static Cursor parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 1 || !digits(text.substring(0, dash)) || !digits(text.substring(dash + 1))) {
      throw new IllegalArgumentException(
          "'after' must be what the page before gave as 'next'; leave it out for the first page.");
    }
    return new Cursor(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  private static boolean digits(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return millis + "-" + entity;
  }
}
