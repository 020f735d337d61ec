package dev.onbehalf.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may act through links over HTTP, beside people themselves, and how other servers are reached.
 *
 * @param buildsFile YAML file of CI servers and of what their builds may do; null for none
 * @param consumers keys of the consumers that may act as people they name
 * @param authorities PEM file of certificate authorities to trust beside those of this Java; null
 *     for none
 * @param proxy through which everything but private networks is reached; null for none
 */
public record OutgoingConfig(
    @Nullable Path buildsFile,
    List<String> consumers,
    @Nullable Path authorities,
    @Nullable ProxyAddress proxy) {
  public OutgoingConfig {
    consumers = List.copyOf(consumers);
  }

  /**
   * Where an HTTP proxy listens.
   *
   * @param host a name or an address, IPv6 without brackets
   */
  public record ProxyAddress(String host, int port) {}
}
