package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.diagnosis.SetupFinding;
import dev.onbehalf.server.diagnosis.SetupFinding.Severity;
import dev.onbehalf.server.jira.Jira.Backlog;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor says of the queue of links. */
class LinkQueueCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          0 | 0 | 0 | 0  | -           | FINE    | nothing waits.           | -
          3 | 9 | 0 | 5  | -           | FINE    | 9 for issues it does not | -
          1 | 0 | 0 | 90 | -           | WARNING | 1 link waits             | receive.link-requests
          0 | 0 | 2 | 0  | -           | WARNING | 2 links were given up    | onbehalf receive retry
          5 | 0 | 0 | 1  | It is down. | FAULT   | It is down.              | onbehalf link test
          """)
  void ofWhenTheQueueStandsSoThenJudgedWithARemedy(
      long waiting,
      long unknown,
      long failed,
      long minutes,
      @Nullable String paused,
      Severity severity,
      String seen,
      @Nullable String remedy) {
    List<SetupFinding> findings =
        LinkQueueCheck.of(
            new Backlog(waiting, unknown, failed, Duration.ofMinutes(minutes)), paused);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).severity()).isEqualTo(severity);
    assertThat(findings.get(0).seen()).contains(seen);
    if (remedy == null) {
      assertThat(findings.get(0).remedy()).isNull();
    } else {
      assertThat(findings.get(0).remedy()).contains(remedy);
    }
  }
}
