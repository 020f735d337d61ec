package dev.onbehalf.acceptance.service;

import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The embedded database of a service that is not running, through the tools in the jar itself.
 *
 * @param file its file without the suffix
 */
record EmbeddedDatabase(Path file) {

  void execute(String sql) {
    run("org.h2.tools.Shell", "-sql", sql);
  }

  /** Everything in it, as a script that would make it anew. */
  String dump() throws IOException {
    Path script = Workspace.create("dump").resolve("dump.sql");
    run("org.h2.tools.Script", "-script", script.toString());
    return Files.readString(script);
  }

  private void run(String tool, String option, String value) {
    String jar = Path.of(System.getProperty("acceptance.jar", "")).toAbsolutePath().toString();
    List<String> command =
        new ArrayList<>(List.of(Workspace.java().toString(), "-cp", jar, tool, option, value));
    command.addAll(List.of("-url", "jdbc:h2:file:" + file.toAbsolutePath() + SETTINGS));
    command.addAll(List.of("-user", "onbehalf", "-password", ""));
    Path directory = Workspace.create("h2");
    try (ServerProcess process = ServerProcess.start("h2", command, directory, Map.of())) {
      process.closeInput();
      if (process.awaitExit() != 0) {
        throw new AssertionError(tool + " failed: " + process.report());
      }
    }
  }

  private static final String SETTINGS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;IFEXISTS=TRUE";
}
