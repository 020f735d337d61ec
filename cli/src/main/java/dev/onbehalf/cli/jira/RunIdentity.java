package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that identify a run of a pipeline. */
class RunIdentity {
  static final int NAME = 255;

  @Option(names = "--pipeline-id", paramLabel = "ID", description = "Identifies the pipeline.")
  private @Nullable String pipelineId;

  @Option(names = "--build-number", paramLabel = "N", description = "The number of the build.")
  private @Nullable Long buildNumber;

  String pipelineId(CiEnvironment ci) {
    return Text.fitId(needed(pipelineId, ci, Fact.PIPELINE_ID, "--pipeline-id"), NAME);
  }

  long buildNumber(CiEnvironment ci) {
    if (buildNumber != null) {
      return buildNumber;
    }
    String detected = needed(null, ci, Fact.BUILD_NUMBER, "--build-number");
    try {
      return Long.parseLong(detected);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "The build number '%s' of this CI is not a number; give --build-number."
              .formatted(Text.fit(detected, 60)));
    }
  }

  static Optional<String> given(@Nullable String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }

  static String needed(@Nullable String value, CiEnvironment ci, Fact fact, String option) {
    return given(value)
        .or(() -> ci.get(fact))
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "%s is missing and the CI (%s) does not tell it; give it."
                        .formatted(option, ci.server())));
  }
}
