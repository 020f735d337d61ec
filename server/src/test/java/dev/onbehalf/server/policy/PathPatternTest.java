package dev.onbehalf.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "/, '', true",
    "/, a, false",
    "/**, '', true",
    "/**, a|b|c, true",
    "/job/team/**, job|team, true",
    "/job/team/**, job|team|x|y, true",
    "/job/team/**, job|teams, false",
    "/job/team/, job|team, true",
    "/job/team, job|team|x, false",
    "/job/*, job|a, true",
    "/job/*, job, false",
    "/job/*, job|a|b, false",
    "/job/te*m, job|team, true",
    "/job/te*m, job|tem, true",
    "/job/te*m, job|tea, false",
    "/job/*-*-x, job|a-b-c-x, true",
    "/**/build, build, true",
    "/**/build, job|a|build, true",
    "/**/build, job|a|build|1, false",
    "/**/job/*/build, view|x|job|a|build, true",
    "/**/job/*/build, job|a|job|b|build, true",
    "/**/job/*/build, job|build, false",
    "/a/**/b/**/c, a|b|c, true",
    "/a/**/b/**/c, a|x|b|b|y|c, true",
    "/a/**/b/**/c, a|x|c, false",
    "/a**b, axxb, true",
    "/a**b, a|b, false",
    "/A, a, false",
    "/a.c, abc, false",
  })
  void matchesWhenPatternThenResult(String pattern, String path, boolean expected) {
    List<String> segments = path.isEmpty() ? List.of() : List.of(path.split("\\|", -1));
    assertThat(PathPattern.of(pattern).matches(segments)).isEqualTo(expected);
  }

  @Test
  void matchesWhenRandomThenAsTheObviousModel() {
    Random random = new Random(5849);
    for (int round = 0; round < 50_000; round++) {
      List<String> pattern = pick(random, List.of("**", "*", "a", "b", "a*", "*b", "a*b"), 5);
      List<String> path = pick(random, List.of("a", "b", "ab", "ba", "aab", "abb"), 6);
      assertThat(PathPattern.of("/" + String.join("/", pattern)).matches(path))
          .as("%s on %s", pattern, path)
          .isEqualTo(model(pattern, path));
    }
  }

  @Test
  void matchesWhenHostileThenAnswersAtOnce() {
    PathPattern pattern = PathPattern.of("/**/a".repeat(80) + "/b");
    List<String> path = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      path.add("a");
    }
    assertThat(pattern.matches(path)).isFalse();
    assertThat(PathPattern.of("/" + "*a".repeat(200) + "b").matches(List.of("a".repeat(16_000))))
        .isFalse();
  }

  private static List<String> pick(Random random, List<String> from, int most) {
    List<String> picked = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      picked.add(from.get(random.nextInt(from.size())));
    }
    return picked;
  }

  private static boolean model(List<String> pattern, List<String> path) {
    if (pattern.isEmpty()) {
      return path.isEmpty();
    }
    List<String> rest = pattern.subList(1, pattern.size());
    if (pattern.get(0).equals("**")) {
      for (int skip = 0; skip <= path.size(); skip++) {
        if (model(rest, path.subList(skip, path.size()))) {
          return true;
        }
      }
      return false;
    }
    return !path.isEmpty()
        && path.get(0).matches(pattern.get(0).replace("*", ".*"))
        && model(rest, path.subList(1, path.size()));
  }
}
