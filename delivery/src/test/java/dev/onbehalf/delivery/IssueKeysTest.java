package dev.onbehalf.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IssueKeysTest {
  /** The documented pattern as a regular expression, to compare with. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<![\\p{L}\\p{Nd}])[A-Z][A-Z0-9_]{1,254}-[1-9][0-9]{0,17}(?![\\p{L}\\p{Nd}])");

  private static List<String> find(String text) {
    return IssueKeys.builder()
        .build()
        .find(List.of(new KeyText(KeySource.BRANCH, "test", text)))
        .keys();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      value = {
        "ABC-12 | ABC-12",
        "feature/ABC-12-add-x | ABC-12",
        "feature_ABC-12_x | ABC-12",
        "x_ABC-12 | ABC-12",
        "X_ABC-12 | X_ABC-12",
        "A2B_C-7 | A2B_C-7",
        "ABC-12, DEF-3;ABC-12 | ABC-12 DEF-3",
        "(ABC-12) [DEF-3] | ABC-12 DEF-3",
        "ABC-DEF-12 | DEF-12",
        "ABC-12-34 | ABC-12",
        "ABC-12.DEF-13 | ABC-12 DEF-13",
        "ABC--12 | ''",
        "abc-12 | ''",
        "xABC-12 | ''",
        "1ABC-12 | ''",
        "ABC-12a | ''",
        "ABC-12\u00e4 | ''",
        "\u00c4BC-12 | ''",
        "\u00e4ABC-12 | ''",
        "ABC-012 | ''",
        "ABC-0 | ''",
        "A-12 | ''",
        "ABC- | ''",
        "ABC-1234567890123456789 | ''",
        "UTF-8 SHA-256 ISO-8859 CVE-2024-1 ABC-1 | ABC-1",
        "\ud83d\ude00ABC-12\ud83d\ude00 | ABC-12",
      })
  void findWhenTextGivenThenKeysInOrder(String text, String keys) {
    assertThat(find(text)).isEqualTo(keys.isEmpty() ? List.of() : List.of(keys.split(" ")));
  }

  @Test
  void findWhenTextIsRandomThenAgreesWithTheReference() {
    Random random = new Random(7);
    String letters = "ABZ_019-- ax/\u00c4";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(16);
      for (int j = 0; j < length; j++) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      List<String> expected = new ArrayList<>();
      Matcher matcher = REFERENCE.matcher(text);
      while (matcher.find()) {
        if (!expected.contains(matcher.group())) {
          expected.add(matcher.group());
        }
      }
      assertThat(find(text.toString())).as(text.toString()).isEqualTo(expected);
    }
  }

  @Test
  void findWhenLowerCaseIsAcceptedThenCapitalsReturned() {
    IssueKeys keys = IssueKeys.builder().lowerCase(true).projects(List.of("abc")).build();
    FoundKeys found =
        keys.find(List.of(new KeyText(KeySource.BRANCH, "b", "fix/abc-12-step-3 Abc-4")));
    assertThat(found.keys()).containsExactly("ABC-12", "ABC-4");
    assertThat(found.ignored()).containsExactly("STEP-3");
  }

  @Test
  void findWhenProjectIsAllowedThenItIsNotDenied() {
    IssueKeys keys = IssueKeys.builder().projects(List.of("UTF")).build();
    FoundKeys found = keys.find(List.of(new KeyText(KeySource.TAG, "t", "UTF-8 ABC-1")));
    assertThat(found.keys()).containsExactly("UTF-8");
    assertThat(found.ignored()).containsExactly("ABC-1");
  }

  @Test
  void findWhenOverLimitThenLaterKeysAreCutVisibly() {
    IssueKeys keys = IssueKeys.builder().limit(2).build();
    FoundKeys found =
        keys.find(
            List.of(
                new KeyText(KeySource.BRANCH, "b", "ABC-2"),
                new KeyText(KeySource.COMMIT, "c", "ABC-3 ABC-2 ABC-1 ABC-4")));
    assertThat(found.keys()).containsExactly("ABC-2", "ABC-3");
    assertThat(found.overLimit()).containsExactly("ABC-1", "ABC-4");
    assertThat(found.warnings()).hasSize(1);
    assertThat(found.warnings().get(0)).contains("4 issue keys").contains("ABC-1, ABC-4");
  }

  @Test
  void findWhenSourceIsNotSelectedThenItsKeysAreNotFound() {
    IssueKeys keys = IssueKeys.builder().sources(EnumSet.of(KeySource.COMMIT)).build();
    FoundKeys found =
        keys.find(
            List.of(
                new KeyText(KeySource.EXPLICIT, "option", " abc-9 "),
                new KeyText(KeySource.BRANCH, "b", "ABC-2"),
                new KeyText(KeySource.COMMIT, "c", "ABC-3")));
    assertThat(found.found())
        .containsExactly(
            new FoundKeys.Key("ABC-9", KeySource.EXPLICIT, "option"),
            new FoundKeys.Key("ABC-3", KeySource.COMMIT, "c"));
  }

  @Test
  void findWhenExplicitTextIsNoKeyThenRefused() {
    assertThatThrownBy(
            () ->
                IssueKeys.builder()
                    .build()
                    .find(List.of(new KeyText(KeySource.EXPLICIT, "option", "fix ABC-9"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'fix ABC-9' is not an issue key");
  }
}
