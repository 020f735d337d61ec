package dev.onbehalf.oauth1;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Mac;

/**
 * The signature base string of one message (RFC 5849 3.4.1), laid out in a {@link Scratch}: first
 * the normalised parameters, which all candidate URLs share, then the method and URL in front of
 * them.
 */
final class BaseString {
  private final Scratch scratch;
  private final int parametersLength;
  private int end;

  private BaseString(Scratch scratch, int parametersLength) {
    this.scratch = scratch;
    this.parametersLength = parametersLength;
    this.end = parametersLength;
  }

  static BaseString of(ParameterBuffer parameters, int signatureIndex, Scratch scratch) {
    int count = parameters.count();
    scratch.orderFor(count);
    int[] order = scratch.order;
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (i != signatureIndex) {
        order[size++] = i;
      }
    }
    parameters.sort(scratch, size);
    order = scratch.order;
    byte[] in = parameters.array();
    int o = 0;
    for (int k = 0; k < size; k++) {
      int from = parameters.nameStart(order[k]);
      int to = parameters.end(order[k]);
      byte[] out = scratch.output(o + 3 * (to - from) + 3);
      if (k > 0) {
        o = putEscape(out, o, '2', '6');
      }
      for (int i = from; i < to; i++) {
        byte b = in[i];
        if (b == '%') {
          o = putEscape(out, o, '2', '5');
        } else if (b == 0) {
          o = putEscape(out, o, '3', 'D');
        } else {
          out[o++] = b;
        }
      }
    }
    return new BaseString(scratch, o);
  }

  /**
   * Sets method and URL.
   *
   * @throws IllegalArgumentException if {@code url} is no absolute http or https URL
   */
  void target(String httpMethod, String url) {
    end = parametersLength;
    put(httpMethod.toUpperCase(Locale.ROOT), 0, httpMethod.length());
    putRaw('&');
    putUrl(url);
    putRaw('&');
  }

  void digest(MessageDigest digest, byte[] into, int length) {
    byte[] bytes = scratch.output;
    digest.update(bytes, parametersLength, end - parametersLength);
    digest.update(bytes, 0, parametersLength);
    try {
      digest.digest(into, 0, length);
    } catch (DigestException e) {
      throw new IllegalStateException("The digest does not fit.", e);
    }
  }

  byte[] mac(Mac mac) {
    mac.update(scratch.output, parametersLength, end - parametersLength);
    mac.update(scratch.output, 0, parametersLength);
    return mac.doFinal();
  }

  byte[] bytes() {
    int targetLength = end - parametersLength;
    byte[] all = new byte[end];
    System.arraycopy(scratch.output, parametersLength, all, 0, targetLength);
    System.arraycopy(scratch.output, 0, all, targetLength, parametersLength);
    return all;
  }

  String text() {
    return new String(bytes(), StandardCharsets.ISO_8859_1);
  }

  /** Appends a URL as RFC 5849 3.4.1.2 has it: lower-case scheme and host, no default port. */
  private void putUrl(String url) {
    boolean https = url.regionMatches(true, 0, "https://", 0, 8);
    if (!https && !url.regionMatches(true, 0, "http://", 0, 7)) {
      throw notAbsolute(url);
    }
    int host = https ? 8 : 7;
    int path = endOf(url, host, "/?#");
    int hostEnd = withoutDefaultPort(url, host, path, https ? 443 : 80);
    if (hostEnd == host || url.lastIndexOf('@', path - 1) >= host) {
      throw notAbsolute(url);
    }
    put(https ? "https://" : "http://", 0, host);
    String authority = url.substring(host, hostEnd).toLowerCase(Locale.ROOT);
    put(authority, 0, authority.length());
    int pathEnd = endOf(url, path, "?#");
    if (path == pathEnd) {
      put("/", 0, 1);
    } else {
      put(url, path, pathEnd);
    }
  }

  private static int endOf(String url, int from, String delimiters) {
    for (int i = from; i < url.length(); i++) {
      if (delimiters.indexOf(url.charAt(i)) >= 0) {
        return i;
      }
    }
    return url.length();
  }

  private static int withoutDefaultPort(String url, int host, int end, int defaultPort) {
    int colon = end - 1;
    int port = 0;
    int unit = 1;
    while (colon >= host && url.charAt(colon) >= '0' && url.charAt(colon) <= '9') {
      port += unit * (url.charAt(colon) - '0');
      unit = Math.min(10 * unit, 1_000_000);
      colon--;
    }
    if (colon < host || url.charAt(colon) != ':') {
      return end;
    }
    return colon == end - 1 || port == defaultPort ? colon : end;
  }

  private static IllegalArgumentException notAbsolute(String url) {
    return new IllegalArgumentException(
        "'" + url + "' is not an absolute http or https URL without user information.");
  }

  private void put(String text, int from, int to) {
    byte[] out = scratch.output(end + 3 * (to - from) + 1);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c > 127) {
        byte[] rest = text.substring(i, to).getBytes(StandardCharsets.UTF_8);
        out = scratch.output(end + 3 * rest.length + 1);
        end = PercentEncoding.encode(rest, 0, rest.length, out, end);
        return;
      }
      if (PercentEncoding.isUnreserved(c)) {
        out[end++] = (byte) c;
      } else {
        end =
            putEscape(out, end, PercentEncoding.hexDigit(c >> 4), PercentEncoding.hexDigit(c & 15));
      }
    }
  }

  private void putRaw(char c) {
    scratch.output(end + 1)[end++] = (byte) c;
  }

  private static int putEscape(byte[] out, int at, int high, int low) {
    out[at] = '%';
    out[at + 1] = (byte) high;
    out[at + 2] = (byte) low;
    return at + 3;
  }
}
