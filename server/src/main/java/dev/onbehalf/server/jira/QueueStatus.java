package dev.onbehalf.server.jira;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the linked Jira has been told what was received.
 *
 * @param links how many links its issues have or are to have
 * @param waiting how many of them have something to be told
 * @param unknownIssues how many belong to issues it does not have yet
 * @param parked how many were given up
 * @param oldest since when the oldest of those waiting waits; null for none
 * @param lastSent when it was last told something; null for never
 * @param failure why this node tells it nothing now; null where it does
 * @param pausedUntil until when this node tells it nothing; null where it does
 * @param parkedLinks those given up, the first hundred
 */
public record QueueStatus(
    long links,
    long waiting,
    long unknownIssues,
    long parked,
    @Nullable Instant oldest,
    @Nullable Instant lastSent,
    @Nullable String failure,
    @Nullable Instant pausedUntil,
    List<Parked> parkedLinks) {
  public QueueStatus {
    parkedLinks = List.copyOf(parkedLinks);
  }

  /**
   * A link that was given up until it changes or is retried.
   *
   * @param id by which it is retried
   * @param title what it was called when it was last told; null for never
   * @param reason why
   * @param since since when
   */
  public record Parked(
      long id, String issueKey, @Nullable String title, String reason, Instant since) {}
}
