package dev.onbehalf.cli;

import picocli.CommandLine;

/** The entry point of the executable jar. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Since Java 22 a console exists without a terminal too, unless this one is asked for.
    System.setProperty("jdk.console", "java.base");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    Failures failures = new Failures();
    return new CommandLine(new OnbehalfCommand())
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }
}
