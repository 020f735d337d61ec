package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.Build;
import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import dev.onbehalf.delivery.ci.JUnitReports;
import dev.onbehalf.delivery.git.GitHistory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "send-build", sortOptions = false, description = "Reports the state of a build.")
final class SendBuildCommand extends SendRunCommand {
  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "pending, in_progress, successful, failed, cancelled or unknown.")
  private @Nullable String state;

  @Option(
      names = "--junit",
      paramLabel = "GLOB",
      description = "JUnit XML files whose tests are counted; repeatable.")
  private List<String> junit = new ArrayList<>();

  @Option(names = "--commit", paramLabel = "ID", description = "The commit built.")
  private @Nullable String commit;

  @Option(names = "--repository-url", paramLabel = "URL", description = "Where it comes from.")
  private @Nullable String repositoryUrl;

  @Override
  int execute() throws IOException {
    CiEnvironment ci = CiEnvironment.detect(environment());
    BuildState parsed =
        known(
            "--state",
            RunIdentity.needed(state, ci, Fact.STATE, "--state"),
            BuildState::of,
            BuildState.values(),
            BuildState::word);
    String pipelineId = run.pipelineId(ci);
    LastSuccess memory = memory();
    String what = "build|" + pipelineId + "|" + ci.get(Fact.BRANCH).orElse("");
    Optional<String> last = ci.get(Fact.LAST_SUCCESSFUL_COMMIT).or(() -> memory.of(what));
    KeyOptions.Found found = keys.find(ci, directory(), KeyOptions.News.BUILD, last.orElse(null));
    if (found.keys().isEmpty()) {
      return nothingFound(found, run.dryRun);
    }
    long number = run.buildNumber(ci);
    Build.Builder build =
        Build.builder()
            .pipelineId(pipelineId)
            .buildNumber(number)
            .displayName(run.displayName(run.pipelineName(ci) + " #" + number))
            .url(run.url(ci))
            .state(parsed)
            .lastUpdated(Instant.now())
            .issueKeys(found.keys().keys());
    run.label(ci).ifPresent(build::label);
    run.description().ifPresent(build::description);
    if (!junit.isEmpty()) {
      JUnitReports.count(directory(), junit)
          .ifPresentOrElse(
              build::testInfo, () -> warn("No JUnit file matches " + String.join(", ", junit)));
    }
    reference(build, found);
    return sendRun(build.build(), found, parsed == BuildState.SUCCESSFUL, what);
  }

  private void reference(Build.Builder build, KeyOptions.Found found) {
    String id = RunIdentity.given(commit).orElse(found.commit());
    String url =
        RunIdentity.given(repositoryUrl).flatMap(GitHistory::webUrl).orElse(found.repositoryUrl());
    if (id != null && url != null && id.length() <= 255 && url.length() <= 2000) {
      build.commit(Text.fit(id, 255), url);
    }
  }
}
