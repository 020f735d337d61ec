package dev.onbehalf.server.people;

import dev.onbehalf.server.config.PublicUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Our own cookies (RFC 6265): two names each, one bound by its {@code __Host-} prefix to HTTPS and
 * to this very host, one for plain HTTP.
 */
enum Cookies {
  SESSION("onbehalf"),
  /** Ties the sign-in form to the browser it was shown to. */
  PRE_SESSION("onbehalf-sign-in");

  private static final String HOST_PREFIX = "__Host-";
  private static final int VALUE_CHARACTERS = 43;
  private static final int CANDIDATES = 3;

  private final String plainName;

  Cookies(String plainName) {
    this.plainName = plainName;
  }

  /** Whether a cookie is one of ours, in any case. */
  static boolean own(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    if (plain.startsWith(HOST_PREFIX.toLowerCase(Locale.ROOT))) {
      plain = plain.substring(HOST_PREFIX.length());
    }
    return plain.equals(SESSION.plainName) || plain.equals(PRE_SESSION.plainName);
  }

  String name(boolean secure) {
    return secure ? HOST_PREFIX + plainName : plainName;
  }

  /**
   * Returns the well-formed values of this cookie, at most {@value #CANDIDATES}: browsers send
   * several where it was set for several paths.
   */
  List<String> values(List<String> cookieHeaders, boolean secure) {
    String name = name(secure);
    List<String> found = new ArrayList<>(1);
    for (String header : cookieHeaders) {
      int at = 0;
      while (at < header.length() && found.size() < CANDIDATES) {
        int end = header.indexOf(';', at);
        end = end < 0 ? header.length() : end;
        int equals = header.indexOf('=', at);
        if (equals >= 0 && equals < end && header.substring(at, equals).strip().equals(name)) {
          String value = header.substring(equals + 1, end).strip();
          if (wellFormed(value)) {
            found.add(value);
          }
        }
        at = end + 1;
      }
    }
    return found;
  }

  /** Returns the {@code Set-Cookie} value that keeps {@code value} until the browser ends. */
  String set(PublicUrl url, String value) {
    String path = url.contextPath();
    boolean root = url.secure() || path.isEmpty() || path.indexOf(';') >= 0;
    return name(url.secure())
        + "="
        + value
        + "; Path="
        + (root ? "/" : path)
        + (url.secure() ? "; Secure" : "")
        + "; HttpOnly; SameSite=Lax";
  }

  /** Returns the {@code Set-Cookie} value that removes the cookie. */
  String clear(PublicUrl url) {
    return set(url, "") + "; Max-Age=0";
  }

  private static boolean wellFormed(String value) {
    if (value.length() != VALUE_CHARACTERS) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean base64 =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!base64) {
        return false;
      }
    }
    return true;
  }
}
