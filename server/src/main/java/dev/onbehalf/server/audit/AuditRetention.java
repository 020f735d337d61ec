package dev.onbehalf.server.audit;

import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.store.Purger;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes the records that are older than they are to be kept. The trail tells of it itself, and
 * the sealed beginning of the chain moves along, so that what is left still verifies.
 */
public final class AuditRetention implements Purger.Purge {
  /** What a removal is recorded as. */
  public static final String ACTION = "audit-retention";

  private final JdbiAuditStore store;
  private final AuditTrail trail;
  private final Duration retention;

  /**
   * Prepares the removal.
   *
   * @param retention how long records are kept, counted from the time of the event
   */
  public AuditRetention(JdbiAuditStore store, AuditTrail trail, Duration retention) {
    this.store = store;
    this.trail = trail;
    this.retention = retention;
  }

  @Override
  public long purge(Instant now) {
    Instant limit = now.minus(retention);
    int removed = store.removeBefore(limit);
    if (removed > 0) {
      trail.record(
          AuditEvent.builder(now, "retention", ACTION, Outcome.ALLOWED)
              .detail(removed + " records from before " + limit + " were removed.")
              .build());
    }
    return removed;
  }
}
