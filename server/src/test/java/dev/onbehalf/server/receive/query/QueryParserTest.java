package dev.onbehalf.server.receive.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Condition.Current;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Not;
import dev.onbehalf.server.receive.query.Condition.Or;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a query is read, and what is said of one that is none. */
final class QueryParserTest {
  private static final Instant NOW = Instant.parse("2026-01-08T10:00:00Z");

  private static Condition condition(String text) {
    return Objects.requireNonNull(QueryParser.parse(text, NOW).condition());
  }

  @Test
  void parseWhenEmptyThenEverythingLatestFirst() {
    assertThat(QueryParser.parse(" \n", NOW)).isEqualTo(new ParsedQuery(null, false));
    assertThat(QueryParser.parse("order by updated asc", NOW))
        .isEqualTo(new ParsedQuery(null, true));
  }

  @Test
  void parseWhenMixedThenAndBindsTighterThanOr() {
    Condition build = new Match(Field.KIND, false, List.of("builds"));
    Condition failed = new Match(Field.STATE, true, List.of("failed"));
    Condition current = new Current(false);

    assertThat(condition("kind = build OR state != Failed AND current = no"))
        .isEqualTo(new Or(List.of(build, new And(List.of(failed, current)))));
    assertThat(condition("(type=builds or state!=failed) and not current != true"))
        .isEqualTo(new And(List.of(new Or(List.of(build, failed)), new Not(new Current(false)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          updated > -7d                       | 2026-01-01T10:00:00Z
          updated > -2h                       | 2026-01-08T08:00:00Z
          updated > -90m                      | 2026-01-08T08:30:00Z
          updated > -1w                       | 2026-01-01T10:00:00Z
          updated > 2026-01-02                | 2026-01-02T00:00:00Z
          updated > "2026-01-02 03:04"        | 2026-01-02T03:04:00Z
          updated > 2026-01-02T03:04:05+01:00 | 2026-01-02T02:04:05Z
          updated > 2026-01-02T03:04:05       | 2026-01-02T03:04:05Z
          updated > 1900-01-01                | 1970-01-01T00:00:00Z
          """)
  void parseWhenTimeThenItsMilliseconds(String text, Instant expected) {
    assertThat(condition(text))
        .isEqualTo(new Compare(Field.UPDATED, Operator.GREATER, expected.toEpochMilli()));
  }

  @Test
  void parseWhenValuesThenAsTheyAreCompared() {
    assertThat(condition("issue NOT IN (abc-1, 'DEF-22')"))
        .isEqualTo(new Match(Field.ISSUE, true, List.of("ABC-1", "DEF-22")));
    assertThat(condition("environment = \"EU \\\"prod\\\"\""))
        .isEqualTo(new Match(Field.ENVIRONMENT, false, List.of("eu \"prod\"")));
    assertThat(condition("state = 'in progress'"))
        .isEqualTo(new Match(Field.STATE, false, List.of("in_progress")));
    assertThat(condition("buildNumber IN (7, 0012)"))
        .isEqualTo(new Match(Field.BUILD_NUMBER, false, List.of("7", "12")));
    assertThat(condition("issue not in deployedto(eu-prod, 'OR')"))
        .isEqualTo(new In(Function.DEPLOYED_TO, true, List.of("eu-prod", "or")));
    assertThat(condition("issue in currentlyOnType(Production)"))
        .isEqualTo(new In(Function.CURRENTLY_ON_TYPE, false, List.of("production")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stat = failed                  | 1  | 'stat' is not a field; | Did you mean state?
          state                          | 6  | one of = != IN NOT IN was expected after state | the end
          state > failed                 | 7  | not '>' |
          state = faild                  | 9  | 'faild' is not a state; | Did you mean failed?
          environmentType = prod         | 19 | is not a type of environment | Did you mean production?
          state = failed state = x       | 16 | AND, OR, ORDER BY or the end was expected | 'state'
          state = failed AND             | 19 | a field such as | the end
          (state = failed                | 16 | closing parenthesis was expected | the end
          state = failed)                | 15 | the end was expected | ')'
          state IN failed                | 10 | an opening parenthesis was expected after IN |
          state IN (failed               | 17 | a comma or a closing parenthesis |
          state IN ()                    | 11 | a value of state was expected | ')'
          state NOT failed               | 11 | IN was expected after NOT |
          state IS failed                | 7  | there is no IS |
          state <> failed                | 7  | there is no <> |
          issue = 12                     | 9  | is not the key of an issue, such as ABC-12 |
          project = 'a b'                | 11 | is not the key of a project |
          issue IN deployed("x")         | 10 | is not a function; | Did you mean deployedTo?
          updated = -7d                  | 9  | one of > >= < <= was expected |
          updated > yesterday            | 11 | is not a time; write -7d |
          updated > -7y                  | 11 | is not a time |
          updated > 2026-02-30           | 11 | is not a time |
          number > -1                    | 10 | is not a number |
          number > 99999999999999999999  | 10 | is not a number |
          environment = "eu              | 15 | this quote is not closed; add " |
          environment = AND              | 15 | put it in quotes |
          current = maybe                | 11 | true or false was expected |
          state = failed ORDER BY state  | 25 | in the order of updated alone |
          state = failed ORDER updated   | 22 | BY was expected |
          kind = commit                  | 8  | is not a kind; take build or deployment |
          environment = ""               | 15 | a name has 1 to |
          = failed                       | 1  | a field such as |
          """)
  void parseWhenWrongThenSaysWhereAndWhatWasExpected(
      String text, int position, String sentence, String more) {
    QueryFault fault = catchThrowableOfType(QueryFault.class, () -> QueryParser.parse(text, NOW));

    assertThat(fault.sentence())
        .startsWith("At character " + position + ": ")
        .contains(sentence)
        .contains(more == null ? "" : more)
        .matches("(?s).*[.?]");
  }

  @Test
  void parseWhenDeepOrLongThenRefusedAndNotOverflown() {
    for (String text :
        List.of(
            "(".repeat(3_000),
            "NOT ".repeat(999),
            "state = failed OR ".repeat(200) + "state = failed",
            "state IN (" + "failed, ".repeat(400) + "failed)",
            "x".repeat(5_000))) {
      assertThat(catchThrowableOfType(QueryFault.class, () -> QueryParser.parse(text, NOW)))
          .isNotNull();
    }
  }
}
