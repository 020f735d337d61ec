package dev.onbehalf.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Holds {@link CanonicalPath} against upstreams of many habits: whatever such a server makes of a
 * raw path that is not refused, it is one of the readings a decision was taken for.
 */
class PathReadingsTest {
  private static final List<String> PIECES =
      List.of(
          "/", "/", "/", "a", "b", "job", ".", "..", "%2e", "%2E%2e", "%252e", ";", ";x=y", "%3b",
          "%2f", "%2F", "%252F", "%25252f", "%5c", "\\", "%255c", "%", "%25", "%2525", "%41",
          "%2541", "%c3%a9", "%c0%af", "%00", "%0a", "%u002e", "~", "+", "%20", "?", "#");

  /** What a server does to a path before it looks it up, in one order of many. */
  private record Habits(int decodings, boolean paramsFirst, boolean backslash, boolean resolve) {
    List<String> read(String raw) {
      String path = raw;
      if (paramsFirst) {
        path = withoutParams(path);
      }
      for (int i = 0; i < decodings; i++) {
        path = lenientlyDecoded(path);
      }
      if (!paramsFirst) {
        path = withoutParams(path);
      }
      if (backslash) {
        path = path.replace('\\', '/');
      }
      List<String> segments = new ArrayList<>();
      for (String segment : path.split("/", -1)) {
        if (!segment.isEmpty()) {
          segments.add(segment);
        }
      }
      return resolve ? resolved(segments) : segments;
    }

    private static String withoutParams(String path) {
      return path.replaceAll(";[^/]*", "");
    }

    private static List<String> resolved(List<String> segments) {
      Deque<String> resolved = new ArrayDeque<>();
      for (String segment : segments) {
        if (segment.equals("..")) {
          resolved.pollLast();
        } else if (!segment.equals(".")) {
          resolved.addLast(segment);
        }
      }
      return List.copyOf(resolved);
    }

    private static String lenientlyDecoded(String path) {
      String sound = path.replaceAll("%(?![0-9A-Fa-f]{2})", "%25").replace("+", "%2B");
      return URLDecoder.decode(sound, StandardCharsets.UTF_8);
    }
  }

  @Test
  void readingsWhenRandomPathThenHoldWhatAnyServerReads() {
    Random random = new Random(3986);
    int unambiguous = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder raw = new StringBuilder("/");
      for (int i = random.nextInt(8); i >= 0; i--) {
        raw.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      CanonicalPath path = CanonicalPath.of(raw.toString());
      if (path.ambiguity() != null) {
        continue;
      }
      unambiguous++;
      Habits habits =
          new Habits(
              random.nextBoolean() ? 1 : 8,
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextBoolean());
      assertThat(path.readings()).as("%s by %s", raw, habits).contains(habits.read(raw.toString()));
    }
    assertThat(unambiguous).isGreaterThan(5_000);
  }
}
