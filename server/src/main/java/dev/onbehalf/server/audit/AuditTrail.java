package dev.onbehalf.server.audit;

/** Where decisions are recorded. */
@FunctionalInterface
public interface AuditTrail {

  /** Records {@code event}; returns before it is on disk, within the documented window. */
  void record(AuditEvent event);

  /** Whether recording may have to wait for the database now, so that no I/O thread should. */
  default boolean waits() {
    return false;
  }
}
