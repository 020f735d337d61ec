package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a=b|b",
        "a=|''",
        "a|''",
        "&&a=1&|1",
        "a=b=c|b=c",
        "%61=x|x",
        "a=x+y|x y",
        "a=%2B|+",
        "a=%c3%BC|ü",
        "a=%F0%9F%98%80|😀",
        "z=%20&a=%25zz|%zz",
      })
  void parseWhenWellFormedThenDecodes(String text, String expected) {
    assertThat(Form.parse(text).value("a")).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%4",
        "a=%zz",
        "a=%4g",
        "a=%+1",
        "a=% 1",
        "a=%ff",
        "a=%c3",
        "a=%c0%80",
        "a=%00",
        "%00=a",
        "a=\u0000",
        "a=%ed%a0%80",
        "a=%4&b=1",
        "a=\u0100",
        "a=%٤٤"
      })
  void parseWhenMalformedThenRefuses(String text) {
    assertThatThrownBy(() -> Form.parse(text))
        .isInstanceOfSatisfying(WebException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void valueWhenRepeatedThenRefuses() {
    Form form = Form.parse("a=1&a=2");

    assertThat(form.values("a")).containsExactly("1", "2");
    assertThatThrownBy(() -> form.value("a")).isInstanceOf(WebException.class);
  }

  @Test
  void parseWhenAbsentThenEmpty() {
    assertThat(Form.parse(null).has("a")).isFalse();
    assertThat(Form.parse("").value("a")).isEmpty();
  }

  @Test
  void parseWhenTooManyThenRefuses() {
    assertThat(Form.parse("a&".repeat(256)).values("a")).hasSize(256);
    assertThatThrownBy(() -> Form.parse("a&".repeat(257))).isInstanceOf(WebException.class);
  }
}
