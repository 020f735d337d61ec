package dev.onbehalf.server.web;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The headers every answer of our own carries unless its handler chose another value. */
final class SecurityHeaders {
  static final String POLICY_NAME = "Content-Security-Policy";
  static final String FRAME_OPTIONS_NAME = "X-Frame-Options";

  /** The value of a header that an answer is to go without. */
  static final String NONE = "";

  private static final List<Map.Entry<String, String>> DEFAULTS =
      List.of(
          Map.entry(POLICY_NAME, policy("")),
          Map.entry(FRAME_OPTIONS_NAME, "DENY"),
          Map.entry("X-Content-Type-Options", "nosniff"),
          Map.entry("Referrer-Policy", "no-referrer"),
          Map.entry("Cross-Origin-Opener-Policy", "same-origin"),
          Map.entry("Cross-Origin-Resource-Policy", "same-origin"),
          Map.entry("Cache-Control", "no-store"));

  private SecurityHeaders() {}

  /**
   * Returns the content security policy.
   *
   * @param formOrigin one more origin a form may lead to; empty for none
   */
  static String policy(String formOrigin) {
    return "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
        + (formOrigin.isEmpty() ? "" : " " + formOrigin)
        + "; frame-ancestors 'none'; base-uri 'none'";
  }

  /** Returns the policy of a page without forms that these origins may show in a frame. */
  static String framedPolicy(List<String> origins) {
    return "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors "
        + String.join(" ", origins)
        + "; base-uri 'none'";
  }

  /** Returns the headers of {@code response} and the defaults it lacks. */
  static List<Map.Entry<String, String>> complete(WebResponse response) {
    List<Map.Entry<String, String>> headers = new ArrayList<>(response.headers());
    Set<String> present = new HashSet<>();
    headers.forEach(header -> present.add(header.getKey().toLowerCase(Locale.ROOT)));
    for (Map.Entry<String, String> header : DEFAULTS) {
      if (!present.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        headers.add(header);
      }
    }
    headers.removeIf(
        header ->
            header.getKey().equalsIgnoreCase(FRAME_OPTIONS_NAME) && header.getValue().equals(NONE));
    return headers;
  }
}
