package dev.onbehalf.server.receive.query;

import dev.onbehalf.delivery.IssueKeys;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of results ended.
 *
 * @param millis when its last entity changed
 * @param entity number of that entity
 * @param issue the last issue of it that was shown; null where none is left of that entity
 */
record Cursor(long millis, long entity, @Nullable String issue) {
  private static final int MOST_DIGITS = 18;

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException with one sentence, if it is something else
   */
  static Cursor parse(String text) {
    String[] parts = text.split("-", 3);
    boolean ofIssue = parts.length == 3;
    if (parts.length < 2
        || !digits(parts[0])
        || !digits(parts[1])
        || (ofIssue && !IssueKeys.isKey(parts[2]))) {
      throw new IllegalArgumentException(
          "'after' must be what the page before gave as 'next'; leave it out for the first page.");
    }
    return new Cursor(
        Long.parseLong(parts[0]), Long.parseLong(parts[1]), ofIssue ? parts[2] : null);
  }

  private static boolean digits(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return millis + "-" + entity + (issue == null ? "" : "-" + issue);
  }
}
