package dev.onbehalf.server.gateway;

import dev.onbehalf.server.people.Sessions;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The header stage of a request: copies what may pass, then adds what only the gateway may say, in
 * this order, so that nothing the client sends can remove or double it.
 */
final class RequestHeaders {
  private final HeaderRules rules;
  private final Sessions sessions;

  RequestHeaders(HeaderRules rules, Sessions sessions) {
    this.rules = rules;
    this.sessions = sessions;
  }

  /**
   * Makes the header lines for the upstream.
   *
   * @param identity lines that say who the person is; empty for nobody
   * @param signed whether the identity comes from a signature: then the client's own credentials
   *     and cookies stay behind
   * @param cookies cookies of the person's own upstream session, in the form of a {@code Cookie}
   *     header; null for none
   * @param shadowed names of cookies of the client's that stay behind
   */
  HttpFields upstream(
      Arrived arrived,
      List<HttpField> identity,
      boolean signed,
      @Nullable String cookies,
      Set<String> shadowed) {
    HttpFields incoming = arrived.request().getHeaders();
    Set<String> listed = HeaderRules.listedInConnection(incoming);
    HttpFields.Mutable outgoing = HttpFields.build(incoming.size() + 12);
    HttpField cookie = cookies == null ? null : new HttpField(HttpHeader.COOKIE, cookies);
    for (HttpField field : incoming) {
      if (rules.dropsFromRequest(field)
          || names(identity, field)
          || (listed != null && listed.contains(HeaderRules.canonical(field.getName())))) {
        continue;
      }
      HttpHeader known = field.getHeader();
      if (known == HttpHeader.COOKIE) {
        if (!signed) {
          cookie = joined(withoutOwn(field, shadowed), cookie);
        }
      } else if (!signed
          || (known != HttpHeader.AUTHORIZATION && !HeaderRules.overridesMethod(field))) {
        outgoing.add(field);
      }
    }
    for (HttpField field : arrived.site().fields()) {
      outgoing.add(field);
    }
    outgoing.add(new HttpField(HttpHeader.X_FORWARDED_FOR, arrived.clientAddress()));
    HttpField secret = arrived.application().secret();
    if (secret != null) {
      outgoing.add(secret);
    }
    if (cookie != null) {
      outgoing.add(cookie);
    }
    for (HttpField field : identity) {
      outgoing.add(field);
    }
    return outgoing;
  }

  /** Whether the gateway itself sets a header of this name, a crumb for one. */
  private static boolean names(List<HttpField> ours, HttpField field) {
    for (HttpField own : ours) {
      if (own.getName().equalsIgnoreCase(field.getName())) {
        return true;
      }
    }
    return false;
  }

  /** One line, as HTTP/1.1 wants it (RFC 9113 section 8.2.3). */
  private static @Nullable HttpField joined(@Nullable HttpField first, @Nullable HttpField second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return new HttpField(HttpHeader.COOKIE, second.getValue() + "; " + first.getValue());
  }

  private @Nullable HttpField withoutOwn(HttpField field, Set<String> shadowed) {
    String value = field.getValue();
    if (value == null) {
      return null;
    }
    StringBuilder kept = null;
    int start = 0;
    while (start <= value.length()) {
      int end = value.indexOf(';', start);
      end = end < 0 ? value.length() : end;
      String name = cookieName(value, start, end);
      boolean drop = sessions.ownCookie(name) || shadowed.contains(name);
      if (drop && kept == null) {
        kept = new StringBuilder(value.length()).append(value, 0, Math.max(0, start - 1));
      } else if (!drop && kept != null) {
        kept.append(kept.isEmpty() ? "" : ";").append(value, start, end);
      }
      start = end + 1;
    }
    if (kept == null) {
      return field;
    }
    String rest = kept.toString().strip();
    return rest.isEmpty() ? null : new HttpField(HttpHeader.COOKIE, rest);
  }

  private static String cookieName(String value, int start, int end) {
    int equals = value.indexOf('=', start);
    return value.substring(start, equals < 0 || equals > end ? end : equals).strip();
  }
}
