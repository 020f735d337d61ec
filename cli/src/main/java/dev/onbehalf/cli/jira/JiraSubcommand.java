package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.cli.Output;
import dev.onbehalf.delivery.send.DeliveryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What the commands share: where they print, and that every failure is one sentence and a code. */
abstract class JiraSubcommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private JiraCommand parent;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Output output;

  /** Does the work and returns the exit code. */
  abstract int execute() throws IOException, DeliveryException, InterruptedException;

  @Override
  public final Integer call() {
    try {
      return execute();
    } catch (CommandFailure e) {
      throw new CommandFailure(e.exitCode(), sentence(e), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, sentence(e), e);
    } catch (DeliveryException e) {
      throw new CommandFailure(codeOf(e), sentence(e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure(ExitCode.CONFIGURATION, sentence(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "Interrupted.", e);
    } finally {
      out().flush();
      spec.commandLine().getErr().flush();
    }
  }

  private static String sentence(Exception e) {
    return Printable.line(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
  }

  static int codeOf(DeliveryException problem) {
    return switch (problem.kind()) {
      case UNREACHABLE -> ExitCode.UNREACHABLE;
      case MISCONFIGURED, UNAUTHORISED -> ExitCode.CONFIGURATION;
      case NOT_FOUND -> ExitCode.NOT_FOUND;
      case TOO_LARGE, REFUSED -> ExitCode.FAILED;
    };
  }

  Map<String, String> environment() {
    return parent.environment();
  }

  Path directory() {
    return parent.directory();
  }

  /** Whether the result is wanted as JSON. */
  boolean json() {
    return output.json();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  void warn(String sentence) {
    spec.commandLine().getErr().println("warning: " + Printable.line(sentence));
  }

  void printJson(JsonNode json) {
    out().println(Output.pretty(json));
  }
}
