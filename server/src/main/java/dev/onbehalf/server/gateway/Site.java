package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.PublicUrl;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * One URL under which an application is reached.
 *
 * @param application the application
 * @param url its public URL or an alternate one
 * @param fields header lines that tell the upstream that URL
 */
record Site(Application application, PublicUrl url, List<HttpField> fields) {
  private static final HttpField VIA = new HttpField(HttpHeader.VIA, "1.1 onbehalf");

  static Site of(Application application, PublicUrl url) {
    return new Site(
        application,
        url,
        List.of(
            new HttpField(HttpHeader.HOST, url.authority()),
            new HttpField(HttpHeader.X_FORWARDED_HOST, url.authority()),
            new HttpField(HttpHeader.X_FORWARDED_PROTO, url.scheme()),
            new HttpField(HttpHeader.X_FORWARDED_PORT, Integer.toString(url.port())),
            VIA));
  }

  /** Whether a raw path belongs to this URL: equal to its context path or below it. */
  boolean covers(String rawPath) {
    String context = url.contextPath();
    return context.isEmpty()
        || (rawPath.startsWith(context)
            && (rawPath.length() == context.length() || rawPath.charAt(context.length()) == '/'));
  }

  /** Whether it is only a part of its host, or the upstream only a part of its own. */
  boolean confined() {
    return !url.contextPath().isEmpty() || !application.basePath().isEmpty();
  }

  /** Returns the raw path after the context path, starting with a slash. */
  String inside(String rawPath) {
    String rest = rawPath.substring(url.contextPath().length());
    return rest.isEmpty() ? "/" : rest;
  }
}
