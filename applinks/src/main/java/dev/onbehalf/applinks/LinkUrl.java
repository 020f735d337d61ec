package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.PercentEncoding;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Addresses below a link; nothing signed ever leaves them. */
final class LinkUrl {
  private LinkUrl() {}

  /** Returns a base URL without the slash at its end. */
  static URI base(URI url) {
    URI base = absolute(url.toString());
    if (base.getRawQuery() != null) {
      throw new IllegalArgumentException("The base URL " + base + " must not have a query.");
    }
    String text = base.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : base;
  }

  static URI absolute(String text) {
    URI url = parse(text);
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https"))
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "A URL here is absolute, http or https, with a host and without user and fragment: "
              + withoutUser(url));
    }
    return url;
  }

  private static String withoutUser(URI url) {
    return url.getRawUserInfo() == null ? url.toString() : "(one with a user in it)";
  }

  private static URI parse(String text) {
    try {
      return URI.create(new URI(text).toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "The URL is malformed (" + e.getReason() + "); percent-encode what it must not have.", e);
    }
  }

  /** Resolves a path, or an absolute URL, that must lie below the link's base. */
  static URI resolve(URI base, String text) {
    URI url =
        text.regionMatches(true, 0, "http://", 0, 7)
                || text.regionMatches(true, 0, "https://", 0, 8)
            ? absolute(text)
            : absolute(base + (text.startsWith("/") || text.startsWith("?") ? "" : "/") + text);
    if (!isBelow(base, url)) {
      throw new IllegalArgumentException(
          "The URL leads out of the link; a request goes to a path below " + base + ".");
    }
    return url;
  }

  /** Returns whether a URL is on the base's origin and, dots resolved, below its path. */
  static boolean isBelow(URI base, URI url) {
    if (!base.getScheme().equalsIgnoreCase(url.getScheme())
        || !base.getHost().equalsIgnoreCase(url.getHost())
        || port(base) != port(url)) {
      return false;
    }
    String path = url.getRawPath().replace("%2e", ".").replace("%2E", ".").replaceAll(";[^/]*", "");
    String plain = URI.create("/" + stripSlashes(path)).normalize().getRawPath();
    String basePath = base.getRawPath();
    return !plain.contains("/../")
        && !plain.endsWith("/..")
        && (plain.equals(basePath) || plain.startsWith(basePath + "/"));
  }

  private static String stripSlashes(String path) {
    int i = 0;
    while (i < path.length() && path.charAt(i) == '/') {
      i++;
    }
    return path.substring(i);
  }

  private static int port(URI url) {
    return url.getPort() >= 0
        ? url.getPort()
        : url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /** Returns the origin, for messages. */
  static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  /** Appends parameters to the query. */
  static URI withQuery(URI url, List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      return url;
    }
    return URI.create(url + (url.getRawQuery() == null ? "?" : "&") + encode(parameters));
  }

  static String encode(List<Parameter> parameters) {
    StringBuilder form = new StringBuilder();
    for (Parameter parameter : parameters) {
      form.append(form.isEmpty() ? "" : "&")
          .append(PercentEncoding.encode(parameter.name()))
          .append('=')
          .append(PercentEncoding.encode(parameter.value()));
    }
    return form.toString();
  }

  /** Reads a form or query; what is not well-formed stays as it is. */
  static List<Parameter> decode(@Nullable String form) {
    List<Parameter> parameters = new ArrayList<>();
    if (form == null) {
      return parameters;
    }
    for (String pair : form.strip().split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.add(
          new Parameter(
              decodeText(equals < 0 ? pair : pair.substring(0, equals)),
              equals < 0 ? "" : decodeText(pair.substring(equals + 1))));
    }
    return parameters;
  }

  private static String decodeText(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  record Parameter(String name, String value) {}
}
