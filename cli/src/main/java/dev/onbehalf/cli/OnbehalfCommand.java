package dev.onbehalf.cli;

import dev.onbehalf.cli.demo.DemoCommand;
import dev.onbehalf.cli.jira.JiraCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code onbehalf}: all others hang off it. */
@Command(
    name = "onbehalf",
    description = "Automated actions run as the person who asked for them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      ConfigCommand.class,
      UserCommand.class,
      ConsumerCommand.class,
      TokenCommand.class,
      KeysCommand.class,
      AuditCommand.class,
      ExplainCommand.class,
      HealthCommand.class,
      JiraCommand.class,
      HelpCommand.class
    })
final class OnbehalfCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }
}
