package dev.onbehalf.server.people;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a person returns to after signing in: a path of our own origin, however often and by whom
 * it is decoded on its way.
 */
final class ReturnTo {
  static final int MAXIMUM_CHARACTERS = 4096;
  private static final int DECODINGS = 4;

  private ReturnTo() {}

  /**
   * Returns {@code given} if it is harmless: a raw path and query that stays a path below the
   * context path after up to four percent-decodings and after compatibility normalisation.
   */
  static Optional<String> harmless(@Nullable String given) {
    return given != null && isHarmless(given) ? Optional.of(given) : Optional.empty();
  }

  private static boolean isHarmless(String given) {
    if (given.length() > MAXIMUM_CHARACTERS || !visibleAscii(given)) {
      return false;
    }
    int query = given.indexOf('?');
    String path = query < 0 ? given : given.substring(0, query);
    for (int decodings = 0; ; decodings++) {
      if (!isPlainPath(path) || !isPlainPath(Normalizer.normalize(path, Normalizer.Form.NFKC))) {
        return false;
      }
      if (path.indexOf('%') < 0) {
        return true;
      }
      String decoded = decode(path, decodings == 0);
      if (decoded == null || (decodings == DECODINGS && !decoded.equals(path))) {
        return false;
      }
      if (decoded.equals(path)) {
        return true;
      }
      path = decoded;
    }
  }

  private static boolean visibleAscii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '#');
  }

  private static boolean isPlainPath(String path) {
    if (!path.startsWith("/") || path.startsWith("//")) {
      return false;
    }
    int start = 1;
    for (int i = 1; i <= path.length(); i++) {
      char c = i < path.length() ? path.charAt(i) : '/';
      if (c == '\\' || Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        return false;
      }
      if (c == '/') {
        if (isDotSegment(path.substring(start, i))) {
          return false;
        }
        start = i + 1;
      }
    }
    return true;
  }

  /** Also with path parameters, which some servers drop first. */
  private static boolean isDotSegment(String segment) {
    int parameters = segment.indexOf(';');
    String name = parameters < 0 ? segment : segment.substring(0, parameters);
    return name.equals(".") || name.equals("..");
  }

  /** Decodes once; null if the result is not UTF-8, or if a strict escape is incomplete. */
  private static @Nullable String decode(String path, boolean strict) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    byte[] encoded = path.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < encoded.length; i++) {
      int high = encoded[i] == '%' && i + 2 < encoded.length ? hex(encoded[i + 1]) : -1;
      int low = high >= 0 ? hex(encoded[i + 2]) : -1;
      if (low >= 0) {
        bytes.write(high << 4 | low);
        i += 2;
      } else if (encoded[i] == '%' && strict) {
        return null;
      } else {
        bytes.write(encoded[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int hex(byte digit) {
    return digit < 0 ? -1 : Character.digit((char) digit, 16);
  }
}
