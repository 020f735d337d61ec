package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.send.Sender;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that keeps what a site does not take, or sends it later. */
class SpoolOptions extends SiteOptions {
  @Option(names = "--spool", paramLabel = "DIR", description = "Where unsent reports wait.")
  private @Nullable Path spool;

  @Override
  final Sender sender(
      Map<String, String> environment, Path directory, Map<String, String> properties) {
    return sender(environment, directory, properties, state(environment, directory));
  }

  /** Returns the directory that outlives the run; null where nothing may be kept. */
  @Nullable Path state(Map<String, String> environment, Path directory) {
    if (spool != null) {
      return directory.resolve(spool);
    }
    String configured = environment.getOrDefault("ONBEHALF_SPOOL", "");
    if (!configured.isBlank()) {
      return directory.resolve(configured);
    }
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base =
        state.isBlank()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return base.resolve("onbehalf").resolve("spool");
  }
}
