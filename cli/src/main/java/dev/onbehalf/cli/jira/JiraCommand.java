package dev.onbehalf.cli.jira;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands of delivery; {@code docs/guide-delivery-any-ci.md} describes each option. */
@Command(
    name = "jira",
    description = "Reports builds and deployments to Jira, from any CI.",
    subcommands = {
      SendBuildCommand.class,
      SendDeploymentCommand.class,
      SendRemoteLinkCommand.class,
      CheckGateCommand.class,
      KeysCommand.class,
      TestCommand.class,
      FlushCommand.class
    })
public final class JiraCommand implements Runnable {
  private final Map<String, String> environment;
  private final Path directory;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  public JiraCommand() {
    this(System.getenv(), Path.of("").toAbsolutePath());
  }

  public JiraCommand(Map<String, String> environment, Path directory) {
    this.environment = Map.copyOf(environment);
    this.directory = directory;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, 'send-build' for instance.");
  }

  Map<String, String> environment() {
    return environment;
  }

  /** The directory relative paths start from. */
  Path directory() {
    return directory;
  }
}
