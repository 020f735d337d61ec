package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf health}: is the server up, and is what it depends on. */
@Command(
    name = "health",
    description = {
      "Says whether the server and its upstreams are well, and what its scheduled checks found",
      "last: the receiving site, the sites of the delivery file and the links."
    })
final class HealthCommand implements Callable<Integer> {
  @Mixin ServerOptions server;
  @Mixin Output output;
  @Spec CommandSpec spec;

  @Option(names = "--now", description = "Has the scheduled checks run now, and waits for them.")
  boolean now;

  @Override
  public Integer call() {
    JsonNode health =
        now
            ? server.client().post("/api/health", JsonNodeFactory.instance.objectNode())
            : server.client().get("/api/health");
    PrintWriter out = spec.commandLine().getOut();
    if (output.json) {
      out.println(Output.pretty(health));
    } else {
      TextTable table = new TextTable("PART", "STATE", "DETAIL");
      for (JsonNode check : health.path("checks")) {
        table.row(
            check.path("name").asString(),
            check.path("healthy").asBoolean() ? "ok" : "FAILED",
            check.path("detail").asString("") + tried(check));
      }
      out.print(table);
    }
    out.flush();
    return health.path("healthy").asBoolean() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String tried(JsonNode check) {
    return check.hasNonNull("since")
        ? " (since %s; tried %s, %d ms)"
            .formatted(
                check.path("since").asString(),
                check.path("checked").asString(),
                check.path("tookMillis").asLong())
        : "";
  }
}
