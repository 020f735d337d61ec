package dev.onbehalf.cli;

import dev.onbehalf.server.config.ConfigurationException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns whatever ends a command into sentences on standard error and an exit code. */
final class Failures
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, @Nullable ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof CommandFailure known) {
      err.println("onbehalf: " + known.getMessage());
      return known.exitCode();
    }
    if (failure instanceof ConfigurationException wrong) {
      wrong.faults().forEach(fault -> err.println("onbehalf: " + fault));
      return ExitCode.CONFIGURATION;
    }
    err.println(
        "onbehalf: "
            + Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName()));
    if (System.getenv("ONBEHALF_TRACE") != null) {
      failure.printStackTrace(err);
    } else {
      err.println("onbehalf: this should not happen; set ONBEHALF_TRACE=1 to see where it did.");
    }
    return ExitCode.FAILED;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine commandLine = failure.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("onbehalf: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }
}
