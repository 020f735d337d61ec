package dev.onbehalf.cli;

import dev.onbehalf.cli.demo.DemoCommand;
import dev.onbehalf.cli.jira.JiraCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The entry point of the executable jar. */
public final class Main {
  private static final List<Class<?>> COMMANDS =
      List.of(
          ServeCommand.class,
          DemoCommand.class,
          ConfigCommand.class,
          UserCommand.class,
          ConsumerCommand.class,
          LinkCommand.class,
          TokenCommand.class,
          PersonalTokenCommand.class,
          LoginCommand.class,
          RequestCommand.class,
          CredentialCommand.class,
          ReceiveCommand.class,
          QueryCommand.class,
          KeysCommand.class,
          AuditCommand.class,
          ExplainCommand.class,
          DoctorCommand.class,
          HealthCommand.class,
          JiraCommand.class,
          HelpCommand.class);

  private Main() {}

  public static void main(String[] args) {
    // Since Java 22 a console exists without a terminal too, unless this one is asked for.
    System.setProperty("jdk.console", "java.base");
    System.exit(commandLine(args).execute(args));
  }

  /**
   * Makes the commands: only the one called, where the arguments begin with one, for its quick
   * start.
   */
  static CommandLine commandLine(String... args) {
    Failures failures = new Failures();
    CommandLine all = new CommandLine(new OnbehalfCommand());
    List<Class<?>> called =
        COMMANDS.stream()
            .filter(command -> args.length > 0 && name(command).equals(args[0]))
            .toList();
    (called.isEmpty() || called.contains(HelpCommand.class) ? COMMANDS : called)
        .forEach(all::addSubcommand);
    return all.setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }
}
