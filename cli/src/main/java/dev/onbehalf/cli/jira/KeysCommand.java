package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.FoundKeys;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "keys",
    sortOptions = false,
    description = "Prints the issue keys found and where; sends nothing.")
final class KeysCommand extends JiraSubcommand {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private KeyOptions keys;

  @Option(names = "--strict", description = "Fail when no key was found.")
  private boolean strict;

  @Override
  int execute() {
    CiEnvironment ci = CiEnvironment.detect(environment());
    KeyOptions.Found found =
        keys.find(
            ci,
            directory(),
            KeyOptions.News.BUILD,
            ci.get(Fact.LAST_SUCCESSFUL_COMMIT).orElse(null));
    found.warnings().forEach(this::warn);
    if (json()) {
      printJson(SendCommand.json(found));
    } else {
      for (FoundKeys.Key key : found.keys().found()) {
        out().println(key.key() + "\t" + key.source().word() + "\t" + Printable.line(key.where()));
      }
    }
    if (found.keys().isEmpty() && strict) {
      throw new CommandFailure(ExitCode.FAILED, "No issue key was found.");
    }
    return 0;
  }
}
