package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.WebAdapter;
import dev.onbehalf.server.web.WebHandler;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A whole site of ours on the public listener: no application is behind it.
 *
 * @param name its name in the audit trail
 * @param url its public URL
 * @param web serves it
 * @param handler answers every path of it
 * @param bodyBytes largest body accepted, by the value of the {@code Authorization} header
 */
public record OwnSite(
    String name,
    PublicUrl url,
    WebAdapter web,
    WebHandler handler,
    ToIntFunction<@Nullable String> bodyBytes) {

  boolean at(@Nullable String authority) {
    return authority != null
        && (authority.equalsIgnoreCase(url.authority())
            || authority.toLowerCase(Locale.ROOT).equals(url.host() + ":" + url.port()));
  }

  /** Whether a raw path belongs to this site: equal to its context path or below it. */
  boolean covers(String rawPath) {
    String context = url.contextPath();
    return rawPath.startsWith(context)
        && (context.isEmpty()
            || rawPath.length() == context.length()
            || rawPath.charAt(context.length()) == '/');
  }

  /** Returns the raw path after the context path, starting with a slash. */
  String inside(String rawPath) {
    String rest = rawPath.substring(url.contextPath().length());
    return rest.isEmpty() ? "/" : rest;
  }
}
