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

  static BaseString of(EncodedParameters parameters, int signatureIndex, Scratch scratch) {
    int count = parameters.count();
    int[] order = scratch.order(count);
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (i != signatureIndex) {
        order[size++] = i;
      }
    }
    parameters.sort(scratch, size);
    byte[] in = parameters.array();
    int o = 0;
    for (int k = 0; k < size; k++) {
      int name = parameters.nameStart(order[k]);
      int value = parameters.valueStart(order[k]);
      int end = parameters.end(order[k]);
      byte[] out = scratch.output(o + 3 * (end - name) + 3);
      if (k > 0) {
        o = putEscape(out, o, '2', '6');
      }
      o = putEncoded(in, name, value - 1, out, o);
      o = putEscape(out, o, '3', 'D');
      o = putEncoded(in, value, end, out, o);
    }
    return new BaseString(scratch, o);
  }

  /** Encodes canonical encoding once more: only its percent signs change. */
  private static int putEncoded(byte[] in, int from, int to, byte[] out, int at) {
    int o = at;
    int i = from;
    while (i < to) {
      byte b = in[i++];
      out[o++] = b;
      if (b == '%') {
        out[o++] = '2';
        out[o++] = '5';
        out[o++] = in[i++];
        out[o++] = in[i++];
      }
    }
    return o;
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
