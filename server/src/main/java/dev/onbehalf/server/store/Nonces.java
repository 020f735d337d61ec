package dev.onbehalf.server.store;

/**
 * The nonces that were spent (RFC 5849 section 3.3), shared by all nodes and kept over restarts.
 */
public interface Nonces {

  /**
   * Spends a nonce after its request's signature was verified.
   *
   * @param timestampSeconds the request's own timestamp, in seconds since 1970
   * @return false if the combination was spent before
   * @throws IllegalStateException if it cannot be recorded: the request must then be refused
   */
  boolean spend(String consumerKey, String token, long timestampSeconds, String nonce);

  /** Whether spending waits for a database, so that no I/O thread may do it. */
  default boolean waits() {
    return true;
  }
}
