package dev.onbehalf.cli.jira;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that sends a report. */
final class SendOptions extends SpoolOptions {
  @Option(
      names = "--strict",
      description =
          "Fail also when a report was only kept or accepted in part, or no key was found.")
  boolean strict;

  @Option(names = "--no-spool", description = "Keep nothing that could not be sent.")
  private boolean noSpool;

  @Override
  @Nullable Path state(Map<String, String> environment, Path directory) {
    return noSpool ? null : super.state(environment, directory);
  }
}
