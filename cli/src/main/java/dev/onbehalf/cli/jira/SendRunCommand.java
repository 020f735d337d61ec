package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** What the commands share that report a run of a pipeline and remember its success. */
abstract class SendRunCommand extends SendCommand {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  RunOptions run;

  final LastSuccess memory() {
    return new LastSuccess(site.state(environment(), directory()));
  }

  /** Sends, and remembers the commit of a success under {@code what}; returns the exit code. */
  final int sendRun(Report report, KeyOptions.Found found, boolean success, String what) {
    int code = send(report, found, run.dryRun, run.properties);
    String commit = found.commit();
    if (code == 0 && !run.dryRun && success && commit != null) {
      memory().remember(what, commit);
    }
    return code;
  }

  /** Returns the constant that {@code word} stands for; throws where it stands for none. */
  static <T> T known(
      String option,
      String word,
      Function<String, Optional<T>> constant,
      T[] constants,
      Function<T, String> wordOf) {
    return constant
        .apply(word)
        .orElseThrow(
            () -> {
              List<String> words = Arrays.stream(constants).map(wordOf).toList();
              return new IllegalArgumentException(
                  "%s knows no '%s'; it knows %s.".formatted(option, Text.fit(word, 60), words));
            });
  }
}
