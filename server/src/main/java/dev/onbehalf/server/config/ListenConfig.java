package dev.onbehalf.server.config;

import org.jspecify.annotations.Nullable;

/**
 * The public listener.
 *
 * @param address address to bind
 * @param port port to bind; 0 takes a free one
 * @param tls certificate and key; null serves plain HTTP, for use behind a TLS-terminating proxy
 */
public record ListenConfig(String address, int port, @Nullable TlsConfig tls) {

  /** Returns the address as a URL has it: IPv6 in brackets (RFC 3986 section 3.2.2). */
  public String host() {
    return host(address);
  }

  static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
