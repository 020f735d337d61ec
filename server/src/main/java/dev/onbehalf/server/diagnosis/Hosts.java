package dev.onbehalf.server.diagnosis;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/** Tells this machine's own addresses from others, without asking a name server. */
final class Hosts {
  private Hosts() {}

  static boolean loopback(String host) {
    String name = host.toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
    if (name.equals("localhost") || name.endsWith(".localhost")) {
      return true;
    }
    if (!name.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")) {
      return false;
    }
    try {
      return InetAddress.getByName(name).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
