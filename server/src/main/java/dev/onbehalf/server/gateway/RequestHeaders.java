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
    for (HttpField field : incoming) {
      if (rules.dropsFromRequest(field)
          || (listed != null && listed.contains(HeaderRules.canonical(field.getName())))) {
        continue;
      }
      HttpHeader known = field.getHeader();
      if (known == HttpHeader.COOKIE) {
        if (!signed) {
          addCookies(field, shadowed, outgoing);
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
    if (cookies != null) {
      outgoing.add(new HttpField(HttpHeader.COOKIE, cookies));
    }
    for (HttpField field : identity) {
      outgoing.add(field);
    }
    return outgoing;
  }

  private void addCookies(HttpField field, Set<String> shadowed, HttpFields.Mutable outgoing) {
    String value = field.getValue();
    if (value == null) {
      return;
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
      outgoing.add(field);
    } else if (!kept.toString().isBlank()) {
      outgoing.add(new HttpField(HttpHeader.COOKIE, kept.toString().strip()));
    }
  }

  private static String cookieName(String value, int start, int end) {
    int equals = value.indexOf('=', start);
    return value.substring(start, equals < 0 || equals > end ? end : equals).strip();
  }
}
