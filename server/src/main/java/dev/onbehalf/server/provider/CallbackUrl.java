package dev.onbehalf.server.provider;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A callback a consumer has registered: absolute, {@code http} or {@code https}, compared by
 * scheme, host, port and raw path; the query of a callback that is sent is free. Programs of a
 * person's own machine listen where they can: {@code http://127.0.0.1/path}, registered without a
 * port, stands for every port there (RFC 8252 section 7.3).
 *
 * @param text the URL as registered, its host in lower case
 */
public record CallbackUrl(String text) {
  private static final int LONGEST = 2000;

  /**
   * Checks a callback that is to be registered.
   *
   * @throws IllegalArgumentException with one sentence naming the fault
   */
  public CallbackUrl {
    Target target = Target.of(text);
    if (target.query() != null) {
      throw new IllegalArgumentException(
          "The callback '" + text + "' must be registered without a query.");
    }
    text = target.text();
  }

  /** Whether a callback that was sent leads to this one; a malformed one never does. */
  public boolean matches(String sent) {
    try {
      Target target = Target.of(sent);
      Target registered = Target.of(text);
      return target.place().equals(registered.place())
          || (registered.anyPort() && target.at(registered.port()).equals(registered.place()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Checks the form of a callback that was sent.
   *
   * @throws IllegalArgumentException with one sentence naming the fault
   */
  static void requireWellFormed(String sent) {
    Target.of(sent);
  }

  /** Returns the origin of a callback that was checked before. */
  static String origin(String sent) {
    URI uri = URI.create(sent);
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  @Override
  public String toString() {
    return text;
  }

  private record Target(String scheme, String host, int port, String path, @Nullable String query) {

    static Target of(String text) {
      if (text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "The callback is longer than " + LONGEST + " characters.");
      }
      URI uri;
      try {
        uri = new URI(text);
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException("The callback '" + text + "' is not a URL.", e);
      }
      String scheme = uri.getScheme();
      if (scheme == null || !(scheme.equals("http") || scheme.equals("https"))) {
        throw new IllegalArgumentException(
            "The callback '" + text + "' must start with http:// or https://.");
      }
      if (uri.getHost() == null
          || uri.getRawUserInfo() != null
          || uri.getPort() == 0
          || uri.getPort() > 65_535
          || uri.getRawAuthority().endsWith(":")) {
        throw new IllegalArgumentException(
            "The callback '" + text + "' needs a host, a valid port if any, and no user name.");
      }
      if (uri.getRawFragment() != null) {
        throw new IllegalArgumentException(
            "The callback '" + text + "' must not have a fragment (#).");
      }
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      requirePlainPath(text, path);
      requireAscii(text);
      int port = uri.getPort() != -1 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
      return new Target(
          scheme, uri.getHost().toLowerCase(Locale.ROOT), port, path, uri.getRawQuery());
    }

    private static void requirePlainPath(String text, String path) {
      String lower = path.toLowerCase(Locale.ROOT);
      boolean ambiguous =
          lower.contains("%2e")
              || lower.contains("%2f")
              || lower.contains("%5c")
              || lower.contains("%25")
              || lower.contains("%0")
              || lower.contains("%1")
              || lower.contains("%7f")
              || lower.contains(";");
      for (String segment : path.split("/", -1)) {
        ambiguous |= segment.equals(".") || segment.equals("..");
      }
      if (ambiguous || path.startsWith("//")) {
        throw new IllegalArgumentException(
            "The path of the callback '" + text + "' can be read in more than one way.");
      }
    }

    private static void requireAscii(String text) {
      if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '*' || c == '\\')) {
        throw new IllegalArgumentException(
            "The callback '" + text + "' must be plain ASCII without wildcards.");
      }
    }

    String place() {
      return at(port);
    }

    String at(int anyPort) {
      return scheme + "://" + host + ":" + anyPort + path;
    }

    boolean anyPort() {
      return scheme.equals("http")
          && port == 80
          && (host.equals("127.0.0.1") || host.equals("[::1]"));
    }

    String text() {
      boolean usual = port == (scheme.equals("https") ? 443 : 80);
      return scheme + "://" + host + (usual ? "" : ":" + port) + path;
    }
  }
}
