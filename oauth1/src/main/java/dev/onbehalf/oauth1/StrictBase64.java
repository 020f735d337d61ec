package dev.onbehalf.oauth1;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Base64 of a known length in its one canonical form (RFC 4648 section 3.5). */
final class StrictBase64 {
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
  }

  private StrictBase64() {}

  /**
   * Decodes percent-encoded Base64.
   *
   * @return null unless it is the canonical form of exactly {@code length} bytes
   */
  static byte @Nullable [] decode(byte[] in, int from, int to, int length) {
    byte[] out = new byte[length];
    int o = 0;
    int bits = 0;
    int held = 0;
    int i = from;
    int padding = (3 - length % 3) % 3;
    while (i < to) {
      int c = in[i++];
      if (c == '%') {
        c = PercentEncoding.hexValue(in[i]) << 4 | PercentEncoding.hexValue(in[i + 1]);
        i += 2;
      }
      if (c == '=') {
        return held == 0 && o == length && isPadding(in, i, to, padding - 1) ? out : null;
      }
      int value = VALUES[c & 0xFF];
      if (value < 0) {
        return null;
      }
      held = held << 6 | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        if (o == length) {
          return null;
        }
        out[o++] = (byte) (held >> bits);
        held &= (1 << bits) - 1;
      }
    }
    return o == length && padding == 0 && bits == 0 ? out : null;
  }

  private static boolean isPadding(byte[] in, int from, int to, int count) {
    if (to - from != 3 * count) {
      return false;
    }
    for (int i = from; i < to; i += 3) {
      if (in[i] != '%' || in[i + 1] != '3' || in[i + 2] != 'D') {
        return false;
      }
    }
    return true;
  }
}
