package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that identify a deployment. */
final class DeploymentOptions {
  @Option(
      names = "--environment-id",
      paramLabel = "ID",
      description = "Identifies the environment, the same for every run.")
  private @Nullable String environmentId;

  @Option(
      names = "--deployment-number",
      paramLabel = "N",
      description = "The number of the deployment. Default: that of the build.")
  private @Nullable Long deploymentNumber;

  String environmentId(CiEnvironment ci) {
    return Text.fitId(
        RunIdentity.needed(environmentId, ci, Fact.ENVIRONMENT_NAME, "--environment-id"), 255);
  }

  long number(CiEnvironment ci, RunIdentity run) {
    return deploymentNumber != null ? deploymentNumber : run.buildNumber(ci);
  }
}
