package dev.onbehalf.server.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query or a form body ({@code application/x-www-form-urlencoded}), decoded
 * strictly: an incomplete percent escape, bytes that are not UTF-8 and NUL are refused.
 */
public final class Form {
  /** Parameters accepted in one query or body. */
  static final int MAXIMUM_PARAMETERS = 256;

  private final Map<String, List<String>> values;

  private Form(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads the query of a request.
   *
   * @throws WebException 400 if it is malformed or has too many parameters
   */
  public static Form query(WebRequest request) {
    return parse(request.rawQuery());
  }

  /**
   * Reads the form body of a request; a request without one has no parameters.
   *
   * @throws WebException 400 if it is malformed or has too many parameters, 415 if the body is
   *     something else
   */
  public static Form body(WebRequest request) {
    if (request.body().length == 0) {
      return new Form(Map.of());
    }
    if (!request.hasForm()) {
      throw new WebException(
          415,
          "That request could not be read",
          "This address takes application/x-www-form-urlencoded bodies only.",
          "");
    }
    return parse(new String(request.body(), StandardCharsets.ISO_8859_1));
  }

  /**
   * Reads encoded parameters.
   *
   * @param encoded text between {@code ?} and {@code #}; null for none
   * @throws WebException 400 if it is malformed or has too many parameters
   */
  public static Form parse(@Nullable String encoded) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count = 0;
    int at = 0;
    while (encoded != null && at <= encoded.length()) {
      int end = encoded.indexOf('&', at);
      end = end < 0 ? encoded.length() : end;
      if (end > at) {
        if (++count > MAXIMUM_PARAMETERS) {
          throw WebException.badRequest("The request has too many parameters.");
        }
        int equals = encoded.indexOf('=', at);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String name = decode(encoded, at, nameEnd);
        String value = nameEnd == end ? "" : decode(encoded, nameEnd + 1, end);
        values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
      }
      at = end + 1;
    }
    return new Form(values);
  }

  /**
   * Returns the value of a parameter; empty where it is absent.
   *
   * @throws WebException 400 if it occurs more than once
   */
  public Optional<String> value(String name) {
    List<String> found = values(name);
    if (found.size() > 1) {
      throw WebException.badRequest("A parameter occurs more than once.");
    }
    return found.stream().findFirst();
  }

  /** Returns the values of a parameter in order; empty where it is absent. */
  public List<String> values(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** Returns the names of all parameters. */
  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  /** Whether a parameter is present, with or without a value. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  private static String decode(String text, int from, int to) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      int c = text.charAt(i);
      if (c == '+') {
        c = ' ';
      } else if (c == '%') {
        int high = i + 2 < to ? hex(text.charAt(i + 1)) : -1;
        int low = i + 2 < to ? hex(text.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          throw WebException.badRequest("The request has an incomplete percent escape.");
        }
        c = high << 4 | low;
        i += 2;
      }
      if (c == 0 || c > 0xff) {
        throw WebException.badRequest("The request has a character that is not allowed.");
      }
      bytes[length++] = (byte) c;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw WebException.badRequest("The request has bytes that are not UTF-8.");
    }
  }

  private static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    char lower = (char) (c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
