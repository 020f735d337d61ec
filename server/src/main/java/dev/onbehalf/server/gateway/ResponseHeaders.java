package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.people.Sessions;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The header stage of an answer: hop-by-hop and identity headers stay behind, and where the
 * upstream names itself it is given its public name ({@code docs/threat-model.md} attack 12).
 */
final class ResponseHeaders {
  private final HeaderRules rules;
  private final Sessions sessions;

  ResponseHeaders(HeaderRules rules, Sessions sessions) {
    this.rules = rules;
    this.sessions = sessions;
  }

  /**
   * Copies the header lines of an answer.
   *
   * @param cookies whether the upstream may set cookies at the client
   */
  void copy(HttpFields from, HttpFields.Mutable to, Site site, boolean cookies) {
    Set<String> listed = HeaderRules.listedInConnection(from);
    for (HttpField field : from) {
      if (rules.dropsFromResponse(field)
          || (listed != null && listed.contains(HeaderRules.canonical(field.getName())))) {
        continue;
      }
      HttpHeader known = field.getHeader();
      if (known == HttpHeader.LOCATION
          || known == HttpHeader.CONTENT_LOCATION
          || field.is("Refresh")) {
        to.add(new HttpField(field.getName(), location(field.getValue(), site)));
      } else if (known == HttpHeader.SET_COOKIE) {
        String cookie = cookies ? setCookie(field.getValue(), site) : null;
        if (cookie != null) {
          to.add(new HttpField(known, cookie));
        }
      } else {
        to.add(field);
      }
    }
  }

  /** Gives a URL of the upstream's own its public form; leaves every other as it is. */
  static String location(@Nullable String value, Site site) {
    if (value == null) {
      return "";
    }
    int start = value.indexOf("://");
    int scheme = start < 0 ? -1 : schemeStart(value, start);
    if (scheme < 0) {
      return value.startsWith("/") && !value.startsWith("//") ? inside(value, site) : value;
    }
    int end = endOfAuthority(value, start + 3);
    String authority = value.substring(start + 3, end).toLowerCase(Locale.ROOT);
    String rest = value.substring(end);
    String head = value.substring(0, scheme);
    if (isUpstream(authority, site)) {
      return head + site.url().origin() + (rest.startsWith("/") ? inside(rest, site) : rest);
    }
    PublicUrl url = site.url();
    boolean ourselves =
        authority.equals(url.authority())
            || authority.equals(url.host())
            || authority.equals(url.host() + ":" + url.port());
    return ourselves && isHttp(value.substring(scheme, start))
        ? head + url.origin() + (rest.startsWith("/") ? inside(rest, site) : rest)
        : value;
  }

  private static boolean isHttp(String scheme) {
    return scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
  }

  private static int schemeStart(String value, int end) {
    int start = end;
    while (start > 0 && Character.isLetter(value.charAt(start - 1))) {
      start--;
    }
    return isHttp(value.substring(start, end)) ? start : -1;
  }

  private static int endOfAuthority(String value, int from) {
    for (int i = from; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return i;
      }
    }
    return value.length();
  }

  private static boolean isUpstream(String authority, Site site) {
    URI upstream = site.application().config().upstream();
    return authority.equalsIgnoreCase(upstream.getRawAuthority())
        || (upstream.getPort() < 0
            && authority.equals(
                upstream.getHost().toLowerCase(Locale.ROOT)
                    + (upstream.getScheme().equals("https") ? ":443" : ":80")));
  }

  /** Exchanges the upstream's base path for the public context path. */
  private static String inside(String path, Site site) {
    String base = site.application().basePath();
    String context = site.url().contextPath();
    if (base.equals(context)) {
      return path;
    }
    if (!path.startsWith(base)
        || (path.length() > base.length() && "/?#;".indexOf(path.charAt(base.length())) < 0)) {
      return path;
    }
    return context + path.substring(base.length());
  }

  private @Nullable String setCookie(@Nullable String value, Site site) {
    if (value == null) {
      return null;
    }
    String[] parts = value.split(";", -1);
    int equals = parts[0].indexOf('=');
    if (sessions.ownCookie((equals < 0 ? parts[0] : parts[0].substring(0, equals)).strip())) {
      return null;
    }
    StringBuilder cookie = new StringBuilder(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      String attribute = parts[i].strip();
      String lower = attribute.toLowerCase(Locale.ROOT);
      if (lower.startsWith("domain=")) {
        String domain = lower.substring(7).strip();
        domain = domain.startsWith(".") ? domain.substring(1) : domain;
        if (!covers(domain, site.url().host())) {
          continue;
        }
        cookie.append("; ").append(attribute);
      } else if (lower.startsWith("path=")) {
        cookie.append("; Path=").append(cookiePath(attribute.substring(5).strip(), site));
      } else {
        cookie.append("; ").append(attribute);
      }
    }
    return cookie.toString();
  }

  private static boolean covers(String domain, String host) {
    return host.equals(domain) || host.endsWith("." + domain);
  }

  private static String cookiePath(String path, Site site) {
    String base = site.application().basePath();
    String context = site.url().contextPath();
    if (base.equals(context)) {
      return path;
    }
    String inside = inside(path, site);
    return inside.isEmpty() ? "/" : inside;
  }
}
