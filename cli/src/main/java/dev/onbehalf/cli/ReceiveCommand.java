package dev.onbehalf.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf receive status|retry}: how far the linked Jira knows what was received. */
@Command(
    name = "receive",
    description = "Shows how far the linked Jira has been told what was received.")
final class ReceiveCommand extends Group {

  @Command(
      name = "status",
      description = "Shows how many links of issues wait, since when, and which were given up.")
  void status(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode status = server.client().get("/api/receive/queue");
    if (json(output, status)) {
      return;
    }
    line("Links on issues", status.path("links"));
    line("Waiting", status.path("waiting"));
    line("  the oldest since", status.path("oldest"));
    line("Of issues not there yet", status.path("unknownIssues"));
    line("Given up", status.path("parked"));
    line("Last told", status.path("lastSent"));
    if (status.path("failure").isString()) {
      line("Nothing is told because", status.path("failure"));
      if (status.path("pausedUntil").isString()) {
        line("  tried again at", status.path("pausedUntil"));
      }
    }
    JsonNode parked = status.path("parkedLinks");
    if (!parked.isEmpty()) {
      TextTable table = new TextTable("ID", "ISSUE", "GIVEN UP", "REASON");
      for (JsonNode link : parked) {
        table.row(
            link.path("id").asString(),
            link.path("issue").asString(),
            link.path("since").asString(),
            link.path("reason").asString());
      }
      out().println();
      out().print(table);
    }
    out().flush();
  }

  private void line(String what, JsonNode value) {
    out().printf("%-24s %s%n", what, value.isNull() ? "-" : value.asString());
  }

  @Command(
      name = "retry",
      description = "Has links that were given up tried again, and what waits at once.")
  void retry(
      @Mixin ServerOptions server,
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              description = "Its id in 'receive status'; all where none is named.")
          @Nullable Long id) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (id != null) {
      body.put("id", id);
    }
    JsonNode retried = server.client().post("/api/receive/queue/retry", body);
    out().println("Tried again: " + retried.path("retried").asString() + ".");
  }
}
