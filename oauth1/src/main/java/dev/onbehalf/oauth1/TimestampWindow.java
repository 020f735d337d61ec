package dev.onbehalf.oauth1;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;

/**
 * The span of {@code oauth_timestamp} values accepted now (RFC 5849 3.3), rounded to the second as
 * Atlassian products do ({@code docs/peer-facts.md} 1.7).
 */
public final class TimestampWindow {
  /** What Atlassian products allow either way. */
  public static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final long toleranceMillis;

  /**
   * @param tolerance the most a timestamp may be off, either way
   * @throws IllegalArgumentException if {@code tolerance} is negative or above a day
   */
  public TimestampWindow(InstantSource clock, Duration tolerance) {
    this.clock = Objects.requireNonNull(clock, "clock");
    if (tolerance.isNegative() || tolerance.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("The timestamp tolerance must be between 0 and a day.");
    }
    this.toleranceMillis = tolerance.toMillis();
  }

  /** A window of {@link #DEFAULT_TOLERANCE}. */
  public TimestampWindow(InstantSource clock) {
    this(clock, DEFAULT_TOLERANCE);
  }

  /**
   * Checks the timestamp of {@code message}.
   *
   * @return the timestamp, seconds since 1970
   * @throws OAuthProblemException {@code parameter_absent}; {@code parameter_rejected} where it is
   *     no whole number; {@code timestamp_refused} where it is outside the window
   */
  public long check(OAuthMessage message) {
    long timestampSeconds = message.timestampSeconds();
    long nowMillis = clock.millis();
    long earliest = Math.floorDiv(nowMillis - toleranceMillis + 500, 1000L);
    long latest = Math.floorDiv(nowMillis + toleranceMillis + 500, 1000L);
    if (timestampSeconds < earliest || timestampSeconds > latest) {
      throw new OAuthProblemException(
          OAuthProblem.TIMESTAMP_REFUSED,
          "The timestamp is "
              + offset(timestampSeconds, Math.floorDiv(nowMillis + 500, 1000L))
              + ".",
          Map.of(OAuthParameters.ACCEPTABLE_TIMESTAMPS, earliest + "-" + latest));
    }
    return timestampSeconds;
  }

  private static String offset(long timestampSeconds, long nowSeconds) {
    return timestampSeconds < nowSeconds
        ? saturatedDifference(nowSeconds, timestampSeconds) + " s behind this server's clock"
        : saturatedDifference(timestampSeconds, nowSeconds) + " s ahead of this server's clock";
  }

  private static long saturatedDifference(long larger, long smaller) {
    long difference = larger - smaller;
    return difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** Reads a whole number of any size, saturating at the range of a long. */
  static long parse(String text) {
    boolean negative = text.startsWith("-");
    int start = negative ? 1 : 0;
    if (start == text.length()) {
      throw notANumber();
    }
    long value = 0;
    for (int i = start; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw notANumber();
      }
      value =
          value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : Math.addExact(10 * value, digit);
    }
    return negative ? -value : value;
  }

  private static OAuthProblemException notANumber() {
    return OAuthProblemException.rejected(
        OAuthParameters.TIMESTAMP, "The timestamp is not a whole number of seconds.");
  }
}
