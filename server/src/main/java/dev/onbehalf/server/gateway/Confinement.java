package dev.onbehalf.server.gateway;

import java.nio.charset.StandardCharsets;

/**
 * Whether a raw path may leave the part of a host or an upstream that its application has: the
 * gateway forwards it as it came, so what climbs for any server is taken to climb.
 */
final class Confinement {
  private static final int DECODINGS = 3;

  private Confinement() {}

  /** Whether a server may find {@code ..} in a raw path, encoded or with parameters included. */
  static boolean climbs(String rawPath) {
    String path = rawPath;
    for (int i = 0; i < DECODINGS; i++) {
      if (hasParent(path)) {
        return true;
      }
      if (path.indexOf('%') < 0) {
        return false;
      }
      path = decoded(path);
    }
    return hasParent(path);
  }

  private static boolean hasParent(String path) {
    int at = path.indexOf("..");
    while (at >= 0) {
      boolean start = at == 0 || isEdge(path.charAt(at - 1));
      boolean end = at + 2 == path.length() || isEdge(path.charAt(at + 2));
      if (start && end) {
        return true;
      }
      at = path.indexOf("..", at + 1);
    }
    return false;
  }

  private static boolean isEdge(char c) {
    return c == '/' || c == '\\' || c == ';' || c == '?' || c == '#' || c <= ' ';
  }

  private static String decoded(String text) {
    byte[] in = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low >= 0) {
        out[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        out[length++] = in[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.ISO_8859_1);
  }
}
