package dev.onbehalf.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessRuleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /a                   | GET /a
          GET,POST /job/team/**    | GET,POST /job/team/**
          POST,GET,GET /a          | GET,POST /a
          * /a                     | * /a
          GET    /a                | GET /a
          VERSION-CONTROL /a       | VERSION-CONTROL /a
          ABCDEFGHIJKLMNOPQRST /a  | ABCDEFGHIJKLMNOPQRST /a
          GET /                    | GET /
          GET /caf\u00e9          | GET /caf\u00e9
          GET /!~                  | GET /!~
          """)
  void parseWhenItIsARuleThenPrintedInOrder(String text, String printed) {
    AccessRule rule = AccessRule.parse(text);

    assertThat(rule).hasToString(printed);
    assertThat(AccessRule.parse(rule.toString())).isEqualTo(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                        | is neither everything
          GET                       | is neither everything
          /a                        | is neither everything
          get /a                    | is not an HTTP method
          ` /a`                     | is not an HTTP method
          GET,, /a                  | is not an HTTP method
          GET,* /a                  | is not an HTTP method
          -A /a                     | is not an HTTP method
          ABCDEFGHIJKLMNOPQRSTU /a  | is not an HTTP method
          GET a                     | must start with a slash
          `GET `                    | must start with a slash
          GET /a b                  | must not hold spaces
          GET /a?b                  | must not hold spaces
          GET /a#b                  | must not hold spaces
          `GET /a\tb`              | must not hold spaces
          `GET /a\u007fb`          | must not hold spaces
          """)
  void parseWhenItIsNoRuleThenSaysWhy(String text, String why) {
    assertThatThrownBy(() -> AccessRule.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void newWhenThePatternIsLongerThanFiveHundredThenRefused() {
    String longest = "/" + "a".repeat(499);

    assertThat(new AccessRule(List.of(), longest).pathPattern()).isEqualTo(longest);
    assertThatThrownBy(() -> new AccessRule(List.of(), longest + "a"))
        .hasMessageContaining("be short");
  }
}
