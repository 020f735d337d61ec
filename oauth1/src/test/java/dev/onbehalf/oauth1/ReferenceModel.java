package dev.onbehalf.oauth1;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A slow and obvious second writing of RFC 5849 sections 3.4.1 and 3.5.1, to hold the library
 * against. It knows no limits.
 */
final class ReferenceModel {
  private static final Pattern HEADER_PARAMETER =
      Pattern.compile(
          "((?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)[ \\t]*=[ \\t]*\"((?:[^\"\\\\]++|\\\\.)*+)\"",
          Pattern.DOTALL);
  private static final Pattern PLAIN_VALUE = Pattern.compile("[\\x21-\\x7E&&[^\\\\]]*");
  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /** A decoded name and value. */
  record Pair(String name, String value) {}

  private ReferenceModel() {}

  /** The base string, or null where the request is malformed. */
  static @Nullable String baseString(
      String method, String url, @Nullable String header, @Nullable String query, String form) {
    List<Pair> pairs = pairs(header, query, form);
    if (pairs == null) {
      return null;
    }
    List<Pair> encoded = new ArrayList<>();
    for (Pair pair : pairs) {
      if (!pair.name().equals("oauth_signature")) {
        encoded.add(new Pair(encode(pair.name()), encode(pair.value())));
      }
    }
    encoded.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
    List<String> joined = new ArrayList<>();
    for (Pair pair : encoded) {
      joined.add(pair.name() + "=" + pair.value());
    }
    return encode(method.toUpperCase(Locale.ROOT))
        + "&"
        + encode(baseUri(url))
        + "&"
        + encode(String.join("&", joined));
  }

  /** All parameters in the order they came, or null where the request is malformed. */
  static @Nullable List<Pair> pairs(@Nullable String header, @Nullable String query, String form) {
    List<Pair> pairs = new ArrayList<>();
    boolean fine =
        (header == null || readHeader(header, pairs))
            && (query == null || isAscii(query))
            && (query == null || readForm(query, pairs))
            && readForm(form, pairs);
    return fine ? pairs : null;
  }

  private static boolean readHeader(String header, List<Pair> pairs) {
    if (!isAscii(header)) {
      return false;
    }
    String rest = header.substring("OAuth".length());
    while (true) {
      rest = rest.replaceFirst("\\A[ \\t,]+", "");
      if (rest.isEmpty()) {
        return true;
      }
      Matcher matcher = HEADER_PARAMETER.matcher(rest);
      if (!matcher.lookingAt()) {
        return false;
      }
      String name = decode(matcher.group(1));
      if (name == null) {
        return false;
      }
      if (!name.toLowerCase(Locale.ROOT).equals("realm")) {
        String raw = matcher.group(2);
        String value = PLAIN_VALUE.matcher(raw).matches() ? decode(raw) : null;
        if (value == null) {
          return false;
        }
        pairs.add(new Pair(name, value));
      }
      rest = rest.substring(matcher.end());
      if (!rest.matches("(?s)[ \\t]*(,.*)?")) {
        return false;
      }
    }
  }

  private static boolean readForm(String form, List<Pair> pairs) {
    for (String piece : form.split("&", -1)) {
      if (piece.isEmpty()) {
        continue;
      }
      int equals = piece.indexOf('=');
      String name = equals < 0 ? piece : piece.substring(0, equals);
      String value = equals < 0 ? "" : piece.substring(equals + 1);
      String decodedName = decode(name.replace("+", "%20"));
      String decodedValue = decode(value.replace("+", "%20"));
      if (decodedName == null || decodedValue == null) {
        return false;
      }
      pairs.add(new Pair(decodedName, decodedValue));
    }
    return true;
  }

  /** Decodes text whose characters are bytes. */
  private static @Nullable String decode(String text) {
    if (BAD_ESCAPE.matcher(text).find()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
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

  private static String encode(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return out.toString();
  }

  private static String baseUri(String url) {
    URI uri = URI.create(url);
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort();
    boolean isDefault =
        port < 0
            || (scheme.equals("http") && port == 80)
            || (scheme.equals("https") && port == 443);
    String path = uri.getRawPath();
    return scheme
        + "://"
        + uri.getHost().toLowerCase(Locale.ROOT)
        + (isDefault ? "" : ":" + port)
        + (path.isEmpty() ? "/" : path);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }
}
