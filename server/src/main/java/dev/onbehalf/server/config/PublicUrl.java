package dev.onbehalf.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The base URL by which people and peers reach an application or this service: scheme, host, port
 * and context path, without query, fragment or trailing slash.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower-case host name or address; an IPv6 address is in brackets
 * @param port the port, with the scheme's default filled in
 * @param contextPath raw context path: empty, or starting with and not ending in a slash
 */
public record PublicUrl(String scheme, String host, int port, String contextPath) {

  /**
   * Reads a base URL.
   *
   * @throws IllegalArgumentException with one sentence naming the fault, if {@code text} is not an
   *     absolute http or https URL or carries user information, a query or a fragment
   */
  public static PublicUrl parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is not a URL: " + e.getReason() + ".", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("'" + text + "' must start with http:// or https://.");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("'" + text + "' has no valid host and port.");
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "'" + text + "' must not carry a user name, a query or a fragment.");
    }
    int port = uri.getPort() == -1 ? defaultPort(scheme) : uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new PublicUrl(scheme, uri.getHost().toLowerCase(Locale.ROOT), port, path);
  }

  public boolean secure() {
    return scheme.equals("https");
  }

  /** Returns {@code host} or {@code host:port}, the port only where it is not the scheme's own. */
  public String authority() {
    return port == defaultPort(scheme) ? host : host + ":" + port;
  }

  /** Returns the origin of RFC 6454, such as {@code https://ci.example.com}. */
  public String origin() {
    return scheme + "://" + authority();
  }

  /** Returns this URL with {@code path} (raw, starting with a slash) after the context path. */
  public String with(String path) {
    return origin() + contextPath + path;
  }

  @Override
  public String toString() {
    return origin() + contextPath;
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }
}
