package dev.onbehalf.server.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; a null field does not narrow.
 *
 * @param person who asked or was acted as
 * @param consumer consumer key
 * @param application name of the application
 * @param outcome how the decision ended
 * @param requestId the request it belongs to
 * @param since not before this time
 * @param until before this time
 * @param afterId only events behind this one, oldest first; null takes the newest
 * @param limit at most so many
 */
public record AuditQuery(
    @Nullable String person,
    @Nullable String consumer,
    @Nullable String application,
    AuditEvent.@Nullable Outcome outcome,
    @Nullable String requestId,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable Long afterId,
    int limit) {

  /** The newest {@code limit} events, whatever they are. */
  public static AuditQuery newest(int limit) {
    return new AuditQuery(null, null, null, null, null, null, null, null, limit);
  }
}
