package dev.onbehalf.cli;

import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.ConfigurationReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts whole servers that receive builds and deployments. */
final class ReceivingSite {
  private ReceivingSite() {}

  /** Returns a URL on loopback where nothing listened a moment ago. */
  static String freeUrl() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** Starts one that receives at that URL, with further settings. */
  static Onbehalf start(String url, Path data, String... settings) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data=" + data,
                "listen=" + url.substring("http://".length()),
                "admin=127.0.0.1:0",
                "receive.public-url=" + url));
    all.addAll(List.of(settings));
    return Onbehalf.start(
        ConfigurationReader.read(null, Map.of(), all).configuration(), Clock.systemUTC());
  }
}
