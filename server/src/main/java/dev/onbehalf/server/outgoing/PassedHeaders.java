package dev.onbehalf.server.outgoing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers cross, either way. What is not listed stays: cookies, credentials, what ends at a
 * connection (RFC 9110 7.6.1), and what a peer tells browsers about its own origin.
 */
final class PassedHeaders {
  private static final Set<String> TO_PEER =
      Set.of(
          "accept",
          "accept-language",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "prefer",
          "range",
          "x-atlassian-token",
          "x-experimentalapi",
          "x-force-accept-language");
  private static final Set<String> FROM_PEER =
      Set.of(
          "accept-ranges",
          "content-disposition",
          "content-encoding",
          "content-language",
          "content-range",
          "content-type",
          "deprecation",
          "etag",
          "last-modified",
          "retry-after",
          "sunset",
          "vary",
          "warning",
          "x-arequestid",
          "x-ausername",
          "x-total-count");

  private PassedHeaders() {}

  static List<Map.Entry<String, String>> toPeer(Map<String, List<String>> headers) {
    List<Map.Entry<String, String>> passed = new ArrayList<>();
    headers.forEach(
        (name, values) -> {
          if (TO_PEER.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> passed.add(Map.entry(name, value)));
          }
        });
    return passed;
  }

  static List<Map.Entry<String, String>> fromPeer(Map<String, String> headers) {
    List<Map.Entry<String, String>> passed = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (FROM_PEER.contains(lower) || lower.startsWith("x-ratelimit-")) {
            passed.add(Map.entry(name, value));
          }
        });
    return passed;
  }
}
