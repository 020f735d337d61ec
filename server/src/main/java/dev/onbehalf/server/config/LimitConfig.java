package dev.onbehalf.server.config;

/**
 * Bounds on what strangers may send.
 *
 * @param headerBytes request line and headers together
 * @param ownPageBodyBytes body of a request to our own pages and endpoints
 * @param signedFormBytes form body that is read whole because it is part of a signature
 */
public record LimitConfig(int headerBytes, int ownPageBodyBytes, int signedFormBytes) {}
