package dev.onbehalf.delivery.send;

import java.time.Duration;
import java.util.Optional;

/**
 * One thing tried on a site.
 *
 * @param what what was tried: {@code site}, {@code credential}, {@code clock}, a data type
 * @param passed whether it works
 * @param detail what was found, or what is to be done
 */
public record SiteCheck(String what, boolean passed, String detail) {
  private static final Duration TOLERATED = Duration.ofSeconds(60);

  /** Returns what there is to say of this machine's clock beside the peer's. */
  static SiteCheck clock(Optional<Duration> ahead) {
    if (ahead.isEmpty()) {
      return new SiteCheck("clock", true, "the site does not tell the time");
    }
    long seconds = ahead.get().toSeconds();
    boolean close = ahead.get().abs().compareTo(TOLERATED) <= 0;
    return new SiteCheck(
        "clock",
        close,
        close
            ? "within " + Math.abs(seconds) + " s of the site's"
            : "%d s %s the site's; synchronise this machine's clock"
                .formatted(Math.abs(seconds), seconds > 0 ? "ahead of" : "behind"));
  }
}
