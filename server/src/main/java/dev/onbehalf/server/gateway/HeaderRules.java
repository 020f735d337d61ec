package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.ApplicationConfig;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Which header lines cross the gateway. Names are compared as the loosest upstream would read them:
 * without case, and with every character that is not a letter or digit alike, so that {@code
 * X_Forwarded_User} is {@code X-Forwarded-User} ({@code docs/threat-model.md}, attacks 1 to 4).
 */
final class HeaderRules {
  private static final List<String> HOP_BY_HOP =
      List.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-authentication-info",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** The gateway's own to write: framing, and who talks to whom. */
  private static final List<String> WRITTEN_BY_US =
      List.of("content-length", "expect", "host", "forwarded", "x-real-ip");

  /** Names that applications commonly trust without being told, and path overrides. */
  private static final List<String> ALWAYS_IDENTITY =
      List.of(
          "remote-user",
          "x-remote-user",
          "x-remote-group",
          "x-remote-groups",
          "x-webauth-user",
          "x-authenticated-user",
          "x-auth-request-user",
          "x-auth-request-email",
          "x-auth-request-groups",
          "x-auth-request-preferred-username",
          "x-original-url",
          "x-original-uri",
          "x-rewrite-url");

  private static final String FORWARDED_PREFIX = "x-forwarded-";

  /** Families of names by which applications and other proxies tell who somebody is. */
  private static final List<String> IDENTITY_PREFIXES =
      List.of(
          "x-webauth-",
          "remote-",
          "x-remote-",
          "x-auth-request-",
          "x-authentik-",
          "x-authenticated-",
          "cf-access-",
          "x-goog-authenticated-",
          "x-ms-client-principal",
          "x-client-cert",
          "x-ssl-client",
          "ssl-client-");

  /** Would change the method after the policy has decided on it. */
  private static final List<String> METHOD_OVERRIDES =
      List.of("x-http-method", "x-http-method-override", "x-method-override");

  private final Set<String> identity = new HashSet<>(ALWAYS_IDENTITY);
  private final Set<String> request = new HashSet<>();
  private final Set<String> response = new HashSet<>();
  private final Set<HttpHeader> requestByHeader = EnumSet.noneOf(HttpHeader.class);
  private final Set<HttpHeader> responseByHeader = EnumSet.noneOf(HttpHeader.class);

  HeaderRules(List<ApplicationConfig> applications) {
    for (ApplicationConfig application : applications) {
      for (String name : application.identityHeaders()) {
        identity.add(canonical(name));
      }
    }
    request.addAll(HOP_BY_HOP);
    request.addAll(WRITTEN_BY_US);
    request.addAll(identity);
    response.addAll(HOP_BY_HOP);
    response.addAll(identity);
    for (HttpHeader header : HttpHeader.values()) {
      String name = canonical(header.asString());
      if (dropsFromRequest(name)) {
        requestByHeader.add(header);
      }
      if (dropsFromResponse(name)) {
        responseByHeader.add(header);
      }
    }
  }

  /** Whether a request header of the client's never goes to the upstream. */
  boolean dropsFromRequest(HttpField field) {
    HttpHeader known = field.getHeader();
    return known != null
        ? requestByHeader.contains(known)
        : dropsFromRequest(canonical(field.getName()));
  }

  /** Whether a header of the upstream's answer never goes to the client. */
  boolean dropsFromResponse(HttpField field) {
    HttpHeader known = field.getHeader();
    return known != null
        ? responseByHeader.contains(known)
        : dropsFromResponse(canonical(field.getName()));
  }

  static boolean overridesMethod(HttpField field) {
    return field.getHeader() == null && METHOD_OVERRIDES.contains(canonical(field.getName()));
  }

  private boolean dropsFromRequest(String name) {
    if (request.contains(name) || name.startsWith(FORWARDED_PREFIX)) {
      return true;
    }
    for (String prefix : IDENTITY_PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean dropsFromResponse(String name) {
    return response.contains(name) || name.startsWith(FORWARDED_PREFIX);
  }

  /**
   * Returns the names the {@code Connection} lines list (RFC 9110 section 7.6.1); null for none.
   */
  static @Nullable Set<String> listedInConnection(HttpFields headers) {
    Set<String> listed = null;
    for (HttpField field : headers) {
      if (field.getHeader() != HttpHeader.CONNECTION || field.getValue() == null) {
        continue;
      }
      String value = field.getValue();
      if (value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
        continue;
      }
      for (String name : value.split(",", -1)) {
        if (listed == null) {
          listed = new HashSet<>();
        }
        listed.add(canonical(name.strip()));
      }
    }
    return listed;
  }

  static String canonical(String name) {
    StringBuilder canonical = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        canonical.append((char) (c + 32));
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        canonical.append(c);
      } else {
        canonical.append('-');
      }
    }
    return canonical.toString();
  }
}
