package dev.onbehalf.server.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of canonical paths, as {@link dev.onbehalf.server.access.AccessRule} writes it: {@code
 * *} stands for a segment or a part of it, {@code **} for any number of segments, none included.
 */
final class PathPattern {
  private static final String ANY_SEGMENTS = "**";

  private final List<String> segments;

  private PathPattern(List<String> segments) {
    this.segments = List.copyOf(segments);
  }

  static PathPattern of(String text) {
    List<String> segments = new ArrayList<>();
    for (String segment : text.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(segment);
      }
    }
    return new PathPattern(segments);
  }

  /** Whether it matches a path; costs at most the product of both lengths. */
  boolean matches(List<String> path) {
    int at = 0;
    int in = 0;
    int retryAt = -1;
    int retryIn = -1;
    while (at < path.size()) {
      if (in < segments.size() && segments.get(in).equals(ANY_SEGMENTS)) {
        retryIn = ++in;
        retryAt = at;
      } else if (in < segments.size() && matches(segments.get(in), path.get(at))) {
        at++;
        in++;
      } else if (retryIn >= 0) {
        at = ++retryAt;
        in = retryIn;
      } else {
        return false;
      }
    }
    while (in < segments.size() && segments.get(in).equals(ANY_SEGMENTS)) {
      in++;
    }
    return in == segments.size();
  }

  private static boolean matches(String pattern, String text) {
    int at = 0;
    int in = 0;
    int retryAt = -1;
    int retryIn = -1;
    while (at < text.length()) {
      if (in < pattern.length() && pattern.charAt(in) == '*') {
        retryIn = ++in;
        retryAt = at;
      } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
        at++;
        in++;
      } else if (retryIn >= 0) {
        at = ++retryAt;
        in = retryIn;
      } else {
        return false;
      }
    }
    while (in < pattern.length() && pattern.charAt(in) == '*') {
      in++;
    }
    return in == pattern.length();
  }
}
