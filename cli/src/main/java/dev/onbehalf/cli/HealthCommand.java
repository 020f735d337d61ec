package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf health}: is the server up, and is what it depends on. */
@Command(name = "health", description = "Says whether the server and its upstreams are well.")
final class HealthCommand implements Callable<Integer> {
  @Mixin ServerOptions server;
  @Mixin Output output;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode health = server.client().get("/api/health");
    PrintWriter out = spec.commandLine().getOut();
    if (output.json) {
      out.println(Output.pretty(health));
    } else {
      TextTable table = new TextTable("PART", "STATE", "DETAIL");
      for (JsonNode check : health.path("checks")) {
        table.row(
            check.path("name").asString(),
            check.path("healthy").asBoolean() ? "ok" : "FAILED",
            check.path("detail").asString(""));
      }
      out.print(table);
    }
    out.flush();
    return health.path("healthy").asBoolean() ? ExitCode.OK : ExitCode.FAILED;
  }
}
