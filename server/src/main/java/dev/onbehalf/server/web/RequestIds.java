package dev.onbehalf.server.web;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names for requests. They begin with the time, so that an index over them grows at its end: by
 * random ones the audit trail costs twice as much. They are names, not secrets.
 */
public final class RequestIds {
  private static final int TIME_DIGITS = 11;
  private static final int RANDOM_DIGITS = 9;
  private static final HexFormat HEX = HexFormat.of();

  private RequestIds() {}

  /** Returns a new id: the milliseconds since 1970, then 36 random bits, in hexadecimal. */
  public static String next() {
    return of(System.currentTimeMillis(), ThreadLocalRandom.current().nextLong());
  }

  static String of(long epochMillis, long random) {
    return HEX.toHexDigits(epochMillis, TIME_DIGITS) + HEX.toHexDigits(random, RANDOM_DIGITS);
  }
}
