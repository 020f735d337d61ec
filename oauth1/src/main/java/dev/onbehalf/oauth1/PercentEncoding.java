package dev.onbehalf.oauth1;

import java.nio.charset.StandardCharsets;

/** Percent-encoding as OAuth has it: all but RFC 3986 unreserved characters (RFC 5849 3.6). */
public final class PercentEncoding {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX_VALUE = new byte[256];
  private static final boolean[] UNRESERVED = new boolean[256];

  static {
    for (int b = 0; b < 256; b++) {
      HEX_VALUE[b] = (byte) (b < 128 ? Character.digit(b, 16) : -1);
      UNRESERVED[b] =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '.'
              || b == '_'
              || b == '~';
    }
  }

  private PercentEncoding() {}

  /** Encodes the UTF-8 form of {@code text}; an unpaired surrogate becomes {@code %3F}. */
  public static String encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 127 || !UNRESERVED[c]) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[3 * bytes.length];
        int length = encode(bytes, 0, bytes.length, out, 0);
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
      }
    }
    return text;
  }

  /** Encodes a range into {@code out}, which has room for three times its length. */
  static int encode(byte[] in, int from, int to, byte[] out, int at) {
    int o = at;
    for (int i = from; i < to; i++) {
      int b = in[i] & 0xFF;
      if (UNRESERVED[b]) {
        out[o++] = (byte) b;
      } else {
        out[o++] = '%';
        out[o++] = HEX[b >> 4];
        out[o++] = HEX[b & 15];
      }
    }
    return o;
  }

  /** Decodes canonical encoding (every {@code %} followed by two hexadecimal digits). */
  static byte[] decode(byte[] in, int from, int to) {
    int escapes = 0;
    for (int i = from; i < to; i++) {
      if (in[i] == '%') {
        escapes++;
      }
    }
    byte[] out = new byte[to - from - 2 * escapes];
    int o = 0;
    for (int i = from; i < to; i++) {
      if (in[i] == '%') {
        out[o++] = (byte) (hexValue(in[i + 1]) << 4 | hexValue(in[i + 2]));
        i += 2;
      } else {
        out[o++] = in[i];
      }
    }
    return out;
  }

  static boolean isUnreserved(int b) {
    return UNRESERVED[b & 0xFF];
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hexValue(int b) {
    return HEX_VALUE[b & 0xFF];
  }

  static byte hexDigit(int nibble) {
    return HEX[nibble];
  }
}
