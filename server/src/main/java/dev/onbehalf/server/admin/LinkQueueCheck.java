package dev.onbehalf.server.admin;

import dev.onbehalf.server.diagnosis.SetupFinding;
import dev.onbehalf.server.jira.Jira.Backlog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the issues of the linked Jira show what was received. */
final class LinkQueueCheck {
  static final String SUBJECT = "links of issues";
  static final Duration LATE = Duration.ofMinutes(15);

  private LinkQueueCheck() {}

  /**
   * Judges the queue.
   *
   * @param paused why this node tells the Jira nothing now; null where it does
   */
  static List<SetupFinding> of(Backlog backlog, @Nullable String paused) {
    List<SetupFinding> findings = new ArrayList<>();
    if (paused != null) {
      findings.add(
          SetupFinding.fault(
              SUBJECT,
              "The linked Jira is told nothing now, and " + waiting(backlog) + ": " + paused,
              "Mend the link, which onbehalf link test tries, then: onbehalf receive retry."));
    } else if (backlog.age().compareTo(LATE) > 0) {
      findings.add(
          SetupFinding.warning(
              SUBJECT,
              "The linked Jira is behind: " + waiting(backlog) + ".",
              "If it can take more, raise the option receive.link-requests; onbehalf"
                  + " receive status shows whether it grows."));
    }
    if (backlog.failed() > 0) {
      findings.add(
          SetupFinding.warning(
              SUBJECT,
              backlog.failed()
                  + (backlog.failed() == 1 ? " link was" : " links were")
                  + " given up, since the Jira refused.",
              "onbehalf receive status says why; once that is mended: onbehalf receive retry."));
    }
    if (findings.isEmpty()) {
      findings.add(
          SetupFinding.fine(
              SUBJECT,
              "The linked Jira is told what is received; "
                  + waiting(backlog)
                  + (backlog.unknown() > 0
                      ? ", " + backlog.unknown() + " for issues it does not have."
                      : ".")));
    }
    return findings;
  }

  private static String waiting(Backlog backlog) {
    return backlog.waiting() == 0
        ? "nothing waits"
        : backlog.waiting()
            + (backlog.waiting() == 1 ? " link waits" : " links wait")
            + ", the longest for "
            + backlog.age().toMinutes()
            + " minutes";
  }
}
