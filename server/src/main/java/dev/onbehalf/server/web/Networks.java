package dev.onbehalf.server.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells clients apart for limits: an IPv6 address counts as its /64 network. */
public final class Networks {
  private Networks() {}

  /** Returns the network of a client's address; nothing is looked up. */
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      // An address with a colon is never a host name.
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return bytes.length == 16 ? Arrays.toString(Arrays.copyOf(bytes, 8)) : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
