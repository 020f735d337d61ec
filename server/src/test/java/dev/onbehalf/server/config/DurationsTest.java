package dev.onbehalf.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S, 500ms",
    "30s, PT30S, 30s",
    "15m, PT15M, 15m",
    "12h, PT12H, 12h",
    "5d, PT120H, 5d",
    "0s, PT0S, 0s",
    "90s, PT1M30S, 90s",
    "120s, PT2M, 2m",
    "24h, PT24H, 1d"
  })
  void parseWhenWellFormedThenTheDuration(String text, Duration duration, String formatted) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(formatted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "5 s", "1h30m", "5D", "5.5s", "99999999999d", "PT5S"})
  void parseWhenMalformedThenOneSentence(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a duration");
  }
}
