package dev.onbehalf.server.link;

import dev.onbehalf.applinks.RefusedTargetException;
import dev.onbehalf.server.config.AddressBlock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Keeps links out of private networks ({@code docs/threat-model.md}, attacks 50 and 51): looks a
 * target's host up and refuses it if one of its addresses is not public, unless the link is marked
 * for private addresses and the configuration lists them. This Java connects to what it has just
 * looked up: it keeps the answer of the name service for some seconds.
 */
final class AddressGuard {
  private static final List<AddressBlock> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "224.0.0.0/3",
              "::/96",
              "64:ff9b::/96",
              "64:ff9b:1::/48",
              "100::/64",
              "2001::/32",
              "2002::/16",
              "fc00::/7",
              "fe80::/10",
              "fec0::/10",
              "ff00::/8")
          .map(AddressBlock::parse)
          .toList();

  private final List<AddressBlock> allowed;
  private final Resolver resolver;
  private final boolean proxied;

  /** Looks a host up. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /**
   * Prepares the guard.
   *
   * @param proxied whether a proxy looks up what is not known here
   */
  AddressGuard(List<String> privateNetworks, boolean proxied, Resolver resolver) {
    this.proxied = proxied;
    this.allowed = privateNetworks.stream().map(AddressBlock::parse).toList();
    this.resolver = resolver;
  }

  /**
   * Lets a request to {@code target} pass, or not.
   *
   * @param marked whether the link may lead to the private networks of the configuration
   * @throws RefusedTargetException if it must not go there
   * @throws UnknownHostException if the host has no address
   */
  void check(URI target, boolean marked) throws IOException {
    String host = Objects.requireNonNull(target.getHost(), "host");
    InetAddress[] addresses;
    try {
      addresses = resolver.resolve(host);
    } catch (UnknownHostException e) {
      if (proxied) {
        return;
      }
      throw e;
    }
    for (InetAddress address : addresses) {
      boolean isPublic = NOT_PUBLIC.stream().noneMatch(block -> block.contains(address));
      if (isPublic) {
        continue;
      }
      if (allowed.stream().noneMatch(block -> block.contains(address))) {
        throw new RefusedTargetException(
            "its address is in a private network, where links may not lead. If it is to be there,"
                + " list its network in the option links.private-networks.");
      }
      if (!marked) {
        throw new RefusedTargetException(
            "its address is in a private network, for which the link is not marked. If it is to be"
                + " there, mark it: --private-addresses true.");
      }
    }
  }
}
