package dev.onbehalf.server.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Jira,Jira",
        "  Jira   Cloud ,Jira Cloud",
        "\u202Eevil,\uFFFDevil",
        "a\u2066b\u2069c\u200F\u200E\u061C,a\uFFFDb\uFFFDc\uFFFD\uFFFD\uFFFD",
        "a\u200Bb\uFEFFc\u00ADd,a\uFFFDb\uFFFDc\uFFFDd",
        "a\u0000b\u001B[31m,a\uFFFDb\uFFFD[31m",
        "a\u00A0\u3000b\u2028c,a b c",
        "ビルド,ビルド",
        "שלום,שלום",
        "e\u0301,e\u0301",
        "Z\u0300\u0301\u0302\u0303\u0304!,Z\u0300\u0301\u0302!",
        "😀,😀",
        "\uD800x,\uFFFDx",
        "<b>,<b>",
      })
  void nameWhenGivenThenFitToShow(String given, String expected) {
    assertThat(Text.name(given)).isEqualTo(expected);
  }

  @Test
  void nameWhenLongThenClippedBetweenCharacters() {
    assertThat(Text.name("a".repeat(80))).isEqualTo("a".repeat(80));
    assertThat(Text.name("😀".repeat(5000))).isEqualTo("😀".repeat(80) + "…");
    assertThat(Text.name("e" + "\u0301".repeat(100_000))).hasSize(4);
    assertThat(Text.name(" ".repeat(100_000))).isEmpty();
  }

  @Test
  void timeWhenShownThenInUtc() {
    assertThat(Text.time(Instant.parse("2026-11-01T05:06:07Z"))).isEqualTo("1 Nov 2026, 05:06 UTC");
  }
}
