package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.send.FlushResult;
import dev.onbehalf.delivery.send.Sender;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "flush", sortOptions = false, description = "Sends the reports that were kept.")
final class FlushCommand extends JiraSubcommand {
  @Mixin
  @SuppressWarnings("NullAway.Init")
  private SpoolOptions site;

  @Override
  int execute() {
    int worst = 0;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode sites = json.putArray("sites");
    try (Sender sender = site.sender(environment(), directory(), Map.of())) {
      for (FlushResult result : sender.flush()) {
        sites
            .addObject()
            .put("site", result.site())
            .put("sent", result.sent())
            .put("kept", result.kept());
        if (!json()) {
          out()
              .println(
                  "%s: %d sent, %d still kept"
                      .formatted(result.site(), result.sent(), result.kept()));
        }
        if (result.problem().isPresent()) {
          warn(result.site() + ": " + result.problem().get().getMessage());
          worst = worst == 0 ? codeOf(result.problem().get()) : worst;
        }
      }
    }
    if (json()) {
      printJson(json);
    }
    return worst;
  }
}
