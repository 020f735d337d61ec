package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The executable jar, run as a command. */
public final class Command {
  private Command() {}

  /**
   * What a command did.
   *
   * @param exit its exit code
   */
  public record Result(int exit, String out, String err) {}

  /** The executable jar. */
  static Path jar() {
    String jar = System.getProperty("acceptance.jar");
    if (jar == null || !Files.isRegularFile(Path.of(jar))) {
      throw new AssertionError("no executable jar at " + jar + ": package the module cli first");
    }
    return Path.of(jar).toAbsolutePath();
  }

  /** The words that start the jar with these arguments. */
  static List<String> line(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(Workspace.java().toString(), "-jar", jar().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts the jar, which logs everything, and leaves it running. */
  public static ServerProcess start(Path directory, String... arguments) {
    return ServerProcess.start(
        "onbehalf",
        line(arguments),
        directory,
        Map.of("LC_ALL", "C.UTF-8", "ONBEHALF_LOG_LEVEL", "TRACE"));
  }

  /** Runs the jar to its end. */
  public static Result run(Path directory, String... arguments) {
    try (ServerProcess process = start(directory, arguments)) {
      process.closeInput();
      int exit = process.awaitExit();
      return new Result(exit, process.output(), process.errors());
    }
  }
}
