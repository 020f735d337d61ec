package dev.onbehalf.server.config;

import java.util.List;

/**
 * Links to other applications.
 *
 * @param privateNetworks addresses or CIDR blocks of private networks that a link may lead to if it
 *     is marked so; empty: none
 */
public record LinkConfig(List<String> privateNetworks) {
  public LinkConfig {
    privateNetworks = List.copyOf(privateNetworks);
  }
}
