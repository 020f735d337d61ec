package dev.onbehalf.server.receive.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.query.QueryResult.Row;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CSV that a spreadsheet reads as text. */
final class QueryFormatTest {
  private static String csv(String displayName) {
    return QueryFormat.csv(
        QueryFormat.json(
            new QueryResult(
                List.of(
                    new Row(
                        "build",
                        null,
                        "p",
                        "p",
                        7,
                        displayName,
                        "https://ci.example.com/7",
                        "failed",
                        null,
                        null,
                        null,
                        Instant.EPOCH,
                        "ci",
                        List.of("ABC-1", "ABC-2"))),
                null,
                true,
                List.of())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "  =1", "|calc", "\uFF1D1"})
  void csvWhenACellBeginsAFormulaThenAnApostropheStandsBeforeIt(String text) {
    assertThat(csv(text)).contains(",\"'" + text + "\",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "a,b", "line\r\nbreak", "a=b"})
  void csvWhenACellIsTextThenItIsQuoted(String text) {
    assertThat(csv(text)).contains(",\"" + text + "\",");
  }

  @ParameterizedTest
  @ValueSource(strings = {"say \"hello\""})
  void csvWhenACellHasQuotesThenTheyAreDoubled(String text) {
    assertThat(csv(text))
        .startsWith("\"issue\",\"kind\",\"state\",")
        .contains("\"say \"\"hello\"\"\"")
        .contains("\"ABC-1 ABC-2\"\r\n");
  }
}
