package dev.onbehalf.server.config;

/**
 * Bounds on what strangers may send.
 *
 * @param headerBytes request line and headers together
 * @param ownPageBodyBytes body of a request to our own pages and endpoints
 * @param signedFormBytes form body that is read whole because it is part of a signature
 * @param requestsPerAddress requests a second of one client address; 0 for no limit
 * @param checksPerAddress requests a second of one client address to our own pages and endpoints,
 *     refused signatures included; 0 for no limit
 * @param requestsPerConsumer signed requests a second of one consumer; 0 for no limit
 */
public record LimitConfig(
    int headerBytes,
    int ownPageBodyBytes,
    int signedFormBytes,
    int requestsPerAddress,
    int checksPerAddress,
    int requestsPerConsumer) {

  /** With the rates that the configuration has by default. */
  public LimitConfig(int headerBytes, int ownPageBodyBytes, int signedFormBytes) {
    this(headerBytes, ownPageBodyBytes, signedFormBytes, 0, 1_000, 1_000);
  }
}
