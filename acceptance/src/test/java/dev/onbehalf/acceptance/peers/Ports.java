package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports for programs whose port must be known before they start. */
public final class Ports {
  private static final int FIRST = 12_000;
  private static final int END = 32_000;

  private Ports() {}

  /** A port of 127.0.0.1 nobody listens on, below those the system gives away by itself. */
  public static int free() {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException e) {
        // Somebody has it: try another.
      }
    }
    throw new AssertionError("no free port between " + FIRST + " and " + END);
  }
}
