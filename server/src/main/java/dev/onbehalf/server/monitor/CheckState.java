package dev.onbehalf.server.monitor;

import java.time.Instant;

/**
 * How a check stands, on whichever node it ran.
 *
 * @param name its name
 * @param healthy whether it works
 * @param since since when it has, or has not
 * @param checked when it was last tried
 * @param tookMillis how long that took
 * @param sentence what was found, and the remedy where it does not work
 */
public record CheckState(
    String name,
    boolean healthy,
    Instant since,
    Instant checked,
    long tookMillis,
    String sentence) {}
