package dev.onbehalf.acceptance.peers;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for a condition that only asking again can show. */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 25;

  private Await() {}

  /**
   * Asks until the answer is not null, at most a minute.
   *
   * @param what names the condition in the failure
   * @throws AssertionError when the minute has passed
   */
  public static <T> T until(String what, Supplier<@Nullable T> question) {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      T answer = question.get();
      if (answer != null) {
        return answer;
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting: " + what, e);
      }
    }
  }
}
