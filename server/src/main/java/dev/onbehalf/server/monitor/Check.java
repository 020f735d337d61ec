package dev.onbehalf.server.monitor;

import java.util.Objects;

/**
 * Something the server depends on that is tried on a schedule.
 *
 * @param name what people call it, such as {@code link jira}; from the configuration or an
 *     administrator, never from a stranger
 * @param attempt tries it
 */
public record Check(String name, Attempt attempt) {
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_SENTENCE = 1_000;

  public Check {
    name = clipped(Objects.requireNonNull(name, "name"), LONGEST_NAME);
    Objects.requireNonNull(attempt, "attempt");
  }

  /** Tries something once. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * Returns what was found.
     *
     * @throws InterruptedException if it took too long
     */
    Finding run() throws InterruptedException;
  }

  /**
   * What an attempt found.
   *
   * @param healthy whether it works
   * @param sentence what works or, with the remedy, what does not; free of secrets
   */
  public record Finding(boolean healthy, String sentence) {
    public Finding {
      sentence = clipped(sentence, LONGEST_SENTENCE);
    }

    public static Finding works(String sentence) {
      return new Finding(true, sentence);
    }

    public static Finding fails(String sentence) {
      return new Finding(false, sentence);
    }
  }

  private static String clipped(String text, int length) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= length ? line : line.substring(0, length - 3) + "...";
  }
}
