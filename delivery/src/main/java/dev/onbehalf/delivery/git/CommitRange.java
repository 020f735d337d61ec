package dev.onbehalf.delivery.git;

import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import java.util.List;

/**
 * The commits a run brings, newest first.
 *
 * @param commits the commits
 * @param basis how they were chosen, for people
 * @param warnings what may be missing, a sentence each
 */
public record CommitRange(List<Entry> commits, String basis, List<String> warnings) {
  private static final int SHORT_ID = 10;

  public CommitRange {
    commits = List.copyOf(commits);
    warnings = List.copyOf(warnings);
  }

  /** Returns the messages as texts to search for issue keys. */
  public List<KeyText> texts() {
    return commits.stream()
        .map(
            commit ->
                new KeyText(
                    KeySource.COMMIT,
                    commit.id().substring(0, Math.min(SHORT_ID, commit.id().length())),
                    commit.message()))
        .toList();
  }

  /**
   * One commit.
   *
   * @param id its full id
   * @param message subject and body
   */
  public record Entry(String id, String message) {}
}
