package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.Deployment;
import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "send-deployment",
    sortOptions = false,
    description = "Reports the state of a deployment.")
final class SendDeploymentCommand extends SendRunCommand {
  private static final int MAX_ASSOCIATIONS = 500;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "unknown, pending, in_progress, cancelled, failed, rolled_back or successful.")
  private @Nullable String state;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DeploymentOptions deployment;

  @Option(
      names = "--environment-name",
      paramLabel = "NAME",
      description = "Names the environment. Default: its id.")
  private @Nullable String environmentName;

  @Option(
      names = "--environment-type",
      paramLabel = "TYPE",
      description =
          "unmapped, development, testing, staging or production. Default: unmapped; never guessed.")
  private @Nullable String environmentType;

  @Option(names = "--pipeline-url", paramLabel = "URL", description = "Where the pipeline is.")
  private @Nullable String pipelineUrl;

  @Option(
      names = "--service-id",
      split = ",",
      paramLabel = "ID",
      description = "A service deployed; repeatable.")
  private List<String> serviceIds = new ArrayList<>();

  @Option(names = "--enable-gating", description = "Ask Jira to gate this deployment.")
  private boolean gating;

  @Override
  int execute() {
    CiEnvironment ci = CiEnvironment.detect(environment());
    DeploymentState parsed =
        known(
            "--state",
            RunIdentity.needed(state, ci, Fact.STATE, "--state"),
            DeploymentState::of,
            DeploymentState.values(),
            DeploymentState::word);
    EnvironmentType type =
        known(
            "--environment-type",
            RunIdentity.given(environmentType)
                .or(() -> ci.get(Fact.ENVIRONMENT_TYPE))
                .orElse("unmapped"),
            EnvironmentType::of,
            EnvironmentType.values(),
            EnvironmentType::word);
    if (gating && site.sites(environment(), directory()).size() != 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "--enable-gating needs exactly one site; choose it with --site.");
    }
    String pipelineId = run.pipelineId(ci);
    String environmentId = deployment.environmentId(ci);
    long number = deployment.number(ci, run);
    LastSuccess memory = memory();
    String what = "deployment|" + pipelineId + "|" + environmentId;
    KeyOptions.Found found =
        keys.find(ci, directory(), KeyOptions.News.DEPLOYMENT, memory.of(what).orElse(null));
    if (found.keys().isEmpty() && serviceIds.isEmpty()) {
      return nothingFound(found, run.dryRun);
    }
    List<String> issueKeys = withinBudget(found.keys().keys());
    String url = run.url(ci);
    String name = Text.fit(RunIdentity.given(environmentName).orElse(environmentId), 255);
    String displayName = run.displayName(run.pipelineName(ci) + " #" + number + " to " + name);
    Deployment.Builder report =
        Deployment.builder()
            .deploymentSequenceNumber(number)
            .displayName(displayName)
            .description(run.description().orElse(displayName))
            .url(url)
            .state(parsed)
            .lastUpdated(Instant.now())
            .pipeline(
                pipelineId,
                run.pipelineName(ci),
                RunIdentity.given(pipelineUrl).or(() -> ci.get(Fact.PIPELINE_URL)).orElse(url))
            .environment(environmentId, name, type)
            .issueKeys(issueKeys)
            .serviceIds(serviceIds);
    run.label(ci).ifPresent(report::label);
    if (gating) {
      report.initiateGating();
    }
    return sendRun(report.build(), found, parsed == DeploymentState.SUCCESSFUL, what);
  }

  /** Keys and services share one limit; the services were asked for, so the keys give way. */
  private List<String> withinBudget(List<String> found) {
    int room = Math.max(0, MAX_ASSOCIATIONS - serviceIds.size());
    if (found.size() <= room) {
      return found;
    }
    warn(
        "%d issue keys and %d services are more than the %d a deployment may have; only the first %d keys are sent."
            .formatted(found.size(), serviceIds.size(), MAX_ASSOCIATIONS, room));
    return found.subList(0, room);
  }
}
