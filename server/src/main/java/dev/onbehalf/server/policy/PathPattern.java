package dev.onbehalf.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

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
    return matches(
        segments.size(),
        path.size(),
        in -> segments.get(in).equals(ANY_SEGMENTS),
        (in, at) -> matches(segments.get(in), path.get(at)));
  }

  private static boolean matches(String pattern, String text) {
    return matches(
        pattern.length(),
        text.length(),
        in -> pattern.charAt(in) == '*',
        (in, at) -> pattern.charAt(in) == text.charAt(at));
  }

  /** Whether the part of a pattern at one place fits the part of a text at another. */
  @FunctionalInterface
  private interface Fit {
    boolean fits(int in, int at);
  }

  /**
   * Matches part by part. Where a part does not fit, the last wildcard takes one more: an earlier
   * one need not be tried again.
   */
  private static boolean matches(int patternLength, int length, IntPredicate wildcard, Fit fit) {
    int at = 0;
    int in = 0;
    int retryAt = -1;
    int retryIn = -1;
    while (at < length) {
      if (in < patternLength && wildcard.test(in)) {
        retryIn = ++in;
        retryAt = at;
      } else if (in < patternLength && fit.fits(in, at)) {
        at++;
        in++;
      } else if (retryIn >= 0) {
        at = ++retryAt;
        in = retryIn;
      } else {
        return false;
      }
    }
    while (in < patternLength && wildcard.test(in)) {
      in++;
    }
    return in == patternLength;
  }
}
