package dev.onbehalf.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {

  @ParameterizedTest
  @CsvSource({
    "/, ''",
    "/job/a, job|a",
    "/job/a/, job|a",
    "/job/a%20b, job|a b",
    "/job/%61, job|a",
    "/%6A%6f%62/a, job|a",
    "/job/~user/-._, job|~user|-._",
    "/job/caf%C3%A9, job|café",
    "/job/%F0%9F%98%80, job|😀",
    "/a/.../b, a|...|b",
    "/a/.hidden, a|.hidden",
    "/a/b%2Ec, a|b.c",
    "/a/b+c, a|b+c",
    "/a:b@c/d&e=f, a:b@c|d&e=f",
  })
  void readingsWhenPlainThenDecodedOnce(String raw, String segments) {
    CanonicalPath path = CanonicalPath.of(raw);
    assertThat(path.ambiguity()).isNull();
    List<String> expected = segments.isEmpty() ? List.of() : List.of(segments.split("\\|", -1));
    assertThat(path.readings()).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "job",
        "*",
        "//",
        "//job",
        "/job//a",
        "/job/a//",
        "/.",
        "/..",
        "/public/../script",
        "/public/./script",
        "/public/..",
        "/public/%2e%2e/script",
        "/public/%2E./script",
        "/public/.%2e/script",
        "/public/..;/script",
        "/public/..;a=b/script",
        "/public;/script",
        "/public;a=b",
        "/public%3B/script",
        "/public%2f..%2fscript",
        "/public%2Fscript",
        "/public/%252e%252e/script",
        "/public/%25252e%25252e/script",
        "/public/%252e%252e%252fscript",
        "/public/a%252f..%252fscript",
        "/public/a%252F",
        "/public/%252Fa",
        "/public/a%253Bb",
        "/public/a%255Cb",
        "/public/a%2500",
        "/public/a%25252Fb",
        "/public/a%2525252Fb",
        "/public/a%25%2541",
        "/public%5C..%5Cscript",
        "/public\\..\\script",
        "/public/%5c",
        "/public/a%3Fb",
        "/public/a%23b",
        "/public/a?b",
        "/public/a#b",
        "/a%00",
        "/a%0d%0aX: y",
        "/a%09b",
        "/a%7f",
        "/a%c2%85",
        "/a b",
        "/a\tb",
        "/a\u00e9",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%u002e",
        "/a%u002e%u002e/b",
        "/a%c0%ae%c0%ae/b",
        "/a%c0%af",
        "/a%e0%80%af",
        "/a%ff",
        "/a%c3",
        "/a%ed%a0%80",
        "/a%f5%80%80%80",
      })
  void ambiguityWhenServersDisagreeThenOneSentence(String raw) {
    CanonicalPath path = CanonicalPath.of(raw);
    assertThat(path.ambiguity()).startsWith("The path ").endsWith(" two ways.");
    assertThat(path.readings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/job/p/job/feature%252Ffoo/build, job|p|job|feature%2Ffoo|build,"
        + " job|p|job|feature|foo|build",
    "/job/a%2520b, job|a%20b, job|a b",
  })
  void readingsWhenEncodedTwiceThenBoth(String raw, String once, String twice) {
    CanonicalPath path = CanonicalPath.of(raw);
    assertThat(path.ambiguity()).isNull();
    assertThat(path.readings())
        .containsExactly(List.of(once.split("\\|", -1)), List.of(twice.split("\\|", -1)));
  }

  @ParameterizedTest
  @CsvSource({"/a/100%25, a|100%", "/a/%25zz, a|%zz", "/a/50%25-off, a|50%-off"})
  void readingsWhenPercentSignEncodesNothingThenOne(String raw, String segments) {
    CanonicalPath path = CanonicalPath.of(raw);
    assertThat(path.readings()).containsExactly(List.of(segments.split("\\|", -1)));
  }

  @Test
  void ofWhenLongAndHostileThenAnswersAtOnce() {
    String deep = "/a" + "%25".repeat(20_000) + "41";
    String chain = "/a%" + "25".repeat(50_000);
    assertThat(CanonicalPath.of(deep).ambiguity()).isNotNull();
    assertThat(CanonicalPath.of(chain).ambiguity()).isNotNull();
  }
}
