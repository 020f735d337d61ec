package dev.onbehalf.server.diagnosis;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Compares our clock with the {@code Date} of answers (RFC 9110 section 6.6.1), which has whole
 * seconds.
 */
final class Clocks {
  private static final Duration UNREMARKABLE = Duration.ofSeconds(5);

  private final Duration window;

  /**
   * Prepares to compare.
   *
   * @param window how far a signed request's timestamp may be off
   */
  Clocks(Duration window) {
    this.window = window;
  }

  List<SetupFinding> compare(String subject, String whose, HttpProbe.Answer answer) {
    String date = answer.header("date");
    if (date == null || answer.header("age") != null) {
      return List.of();
    }
    Instant theirs;
    try {
      theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeException e) {
      return List.of();
    }
    Duration ahead = Duration.between(answer.middle(), theirs);
    if (ahead.abs().compareTo(UNREMARKABLE) <= 0) {
      return List.of();
    }
    String seen =
        "The clock of "
            + whose
            + " is "
            + ahead.abs().toSeconds()
            + " s "
            + (ahead.isNegative() ? "behind" : "ahead of")
            + " ours.";
    String remedy =
        "Set both machines' clocks by NTP; signed requests may be off by "
            + window.toSeconds()
            + " s at most.";
    SetupFinding finding =
        ahead.abs().compareTo(window) >= 0
            ? SetupFinding.fault(subject, seen, remedy)
            : SetupFinding.warning(subject, seen, remedy);
    return List.of(finding.see("RFC 5849, section 3.3"));
  }
}
