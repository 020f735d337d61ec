package dev.onbehalf.server.receive;

/**
 * The two halves of an issue's key, by which the database finds it: a project and a number need
 * less room in an index than the key.
 *
 * @param project key of its project
 * @param number its number there
 */
public record IssueNumber(String project, long number) {

  /**
   * Takes a key to pieces.
   *
   * @throws IllegalArgumentException if it is no key of an issue
   */
  public static IssueNumber of(String key) {
    int hyphen = key.lastIndexOf('-');
    if (hyphen < 1) {
      throw new IllegalArgumentException("A key of an issue looks like ABC-12.");
    }
    return new IssueNumber(key.substring(0, hyphen), Long.parseLong(key.substring(hyphen + 1)));
  }
}
