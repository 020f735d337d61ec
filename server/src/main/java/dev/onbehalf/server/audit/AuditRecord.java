package dev.onbehalf.server.audit;

/**
 * An event as it stands in the trail.
 *
 * @param id its place: the trail has no gaps
 * @param event what was recorded, texts clipped to their columns
 */
public record AuditRecord(long id, AuditEvent event) {}
