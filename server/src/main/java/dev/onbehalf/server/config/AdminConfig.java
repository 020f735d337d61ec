package dev.onbehalf.server.config;

/**
 * The administrator listener, which speaks plain HTTP and is bound to loopback by default.
 *
 * @param address address to bind
 * @param port port to bind; 0 takes a free one
 */
public record AdminConfig(String address, int port) {

  /** Returns the address as a URL has it: IPv6 in brackets (RFC 3986 section 3.2.2). */
  public String host() {
    return ListenConfig.host(address);
  }
}
