package dev.onbehalf.cli.jira;

import dev.onbehalf.cli.CommandFailure;
import dev.onbehalf.cli.ExitCode;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.delivery.send.SiteCheck;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
    name = "test",
    sortOptions = false,
    description = "Tries site, credential, permissions and clock.")
final class TestCommand extends JiraSubcommand {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private SiteOptions site;

  @Override
  int execute() {
    try (Sender sender = site.sender(environment(), directory(), Map.of())) {
      Map<String, List<SiteCheck>> checks = sender.check();
      if (json()) {
        printJson(
            JsonNodeFactory.instance
                .objectNode()
                .set("sites", JsonMapper.shared().valueToTree(checks)));
      } else {
        checks.forEach(
            (name, list) ->
                list.forEach(
                    check ->
                        out()
                            .println(
                                Printable.line(
                                    "%s: %s %s: %s"
                                        .formatted(
                                            name,
                                            check.passed() ? "ok" : "FAILED",
                                            check.what(),
                                            check.detail())))));
      }
      boolean passed = checks.values().stream().flatMap(List::stream).allMatch(SiteCheck::passed);
      if (!passed) {
        throw new CommandFailure(ExitCode.CONFIGURATION, "A check failed; see what it says above.");
      }
      return 0;
    }
  }
}
