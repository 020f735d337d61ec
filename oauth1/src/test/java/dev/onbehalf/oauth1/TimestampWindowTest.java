package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampWindowTest {
  private static final long NOW = 1_700_000_000;

  @ParameterizedTest
  @ValueSource(longs = {NOW, NOW - 300, NOW + 300, NOW - 299, NOW + 299})
  void checkWhenInsideThenReturnsIt(long timestamp) {
    assertThat(window(NOW * 1000).check(message(Long.toString(timestamp)))).isEqualTo(timestamp);
  }

  @ParameterizedTest
  @CsvSource({
    "1699999699, 301 s behind",
    "1700000301, 301 s ahead",
    "0, 1700000000 s behind",
    "-1, 1700000001 s behind",
    "-9223372036854775808, 9223372036854775807 s behind",
    "9223372036854775807, 9223372035154775807 s ahead",
    "9223372036854775808, 9223372035154775807 s ahead",
    "99999999999999999999999999999999, 9223372035154775807 s ahead",
    "-99999999999999999999999999999999, 9223372036854775807 s behind",
    "1700000000000, 1698300000000 s ahead"
  })
  void checkWhenOutsideThenRefusesWithTheWindow(String timestamp, String detail) {
    assertThatThrownBy(() -> window(NOW * 1000).check(message(timestamp)))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> {
              assertThat(e.problem()).isEqualTo(OAuthProblem.TIMESTAMP_REFUSED);
              assertThat(e.parameters())
                  .containsExactly(
                      Map.entry("oauth_acceptable_timestamps", "1699999700-1700000300"));
              assertThat(e.detail()).contains(detail);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "1.5",
        "1e9",
        "+1700000000",
        " 1700000000",
        "1700000000 ",
        "0x10",
        "17000000OO",
        "\u0661",
        "--1",
        "now"
      })
  void checkWhenNotANumberThenRejectsTheParameter(String timestamp) {
    assertThatThrownBy(() -> window(NOW * 1000).check(message(timestamp)))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> {
              assertThat(e.problem()).isEqualTo(OAuthProblem.PARAMETER_REJECTED);
              assertThat(e.parameters())
                  .containsEntry("oauth_parameters_rejected", "oauth_timestamp");
            });
  }

  @Test
  void checkWhenAbsentThenSaysSo() {
    assertThatThrownBy(() -> window(0).check(OAuthMessage.parse(List.of(), null, null)))
        .isInstanceOfSatisfying(
            OAuthProblemException.class,
            e -> assertThat(e.problem()).isEqualTo(OAuthProblem.PARAMETER_ABSENT));
  }

  @ParameterizedTest
  @CsvSource({"499, -300, true", "500, -300, false", "499, 301, false", "500, 301, true"})
  void checkWhenBetweenSecondsThenRoundsAtTheHalf(long millis, long offset, boolean accepted) {
    TimestampWindow window = window(NOW * 1000 + millis);
    OAuthMessage message = message(Long.toString(NOW + offset));

    if (accepted) {
      assertThat(window.check(message)).isEqualTo(NOW + offset);
    } else {
      assertThatThrownBy(() -> window.check(message)).isInstanceOf(OAuthProblemException.class);
    }
  }

  @Test
  void checkWhenClockStepsBackThenFollowsIt() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(NOW));
    TimestampWindow window = new TimestampWindow(now::get, Duration.ofSeconds(10));
    OAuthMessage message = message(Long.toString(NOW));

    assertThat(window.check(message)).isEqualTo(NOW);
    now.set(Instant.ofEpochSecond(NOW - 11));
    assertThatThrownBy(() -> window.check(message)).hasMessageContaining("11 s ahead");
  }

  @Test
  void checkWhenHalfASecondOffAndNothingIsToleratedThenSaysByHowMuchRounded() {
    TimestampWindow window =
        new TimestampWindow(
            InstantSource.fixed(Instant.ofEpochMilli(NOW * 1000 + 500)), Duration.ZERO);

    assertThatThrownBy(() -> window.check(message(Long.toString(NOW))))
        .hasMessageContaining("1 s behind");
    assertThat(window.check(message(Long.toString(NOW + 1)))).isEqualTo(NOW + 1);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775799, 9223372036854775799",
    "9223372036854775800, 9223372036854775800",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775807",
    "9223372036854775810, 9223372036854775807",
    "99999999999999999999, 9223372036854775807",
    "-9223372036854775808, -9223372036854775807"
  })
  void timestampSecondsWhenBeyondALongThenItsEnd(String timestamp, long expected) {
    assertThat(message(timestamp).timestampSeconds()).isEqualTo(expected);
  }

  @Test
  void windowWhenToleranceIsSillyThenRefuses() {
    InstantSource clock = InstantSource.system();

    assertThatThrownBy(() -> new TimestampWindow(clock, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TimestampWindow(clock, Duration.ofDays(1).plusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new TimestampWindow(clock, Duration.ofDays(1))).isNotNull();
    assertThat(new TimestampWindow(clock, Duration.ZERO)).isNotNull();
  }

  private static TimestampWindow window(long nowMillis) {
    return new TimestampWindow(InstantSource.fixed(Instant.ofEpochMilli(nowMillis)));
  }

  private static OAuthMessage message(String timestamp) {
    return OAuthMessage.parse(
        List.of(), "oauth_timestamp=" + PercentEncoding.encode(timestamp), null);
  }
}
