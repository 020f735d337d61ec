package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf audit export}: every event that fits, as JSON lines. */
@Command(name = "export", description = "Prints all events, oldest first, one JSON object a line.")
final class AuditExportCommand implements Runnable {
  private static final int PAGE = 1000;

  @Mixin ServerOptions server;
  @Mixin AuditFilter filter;
  @Spec CommandSpec spec;

  @Override
  public void run() {
    AdminClient client = server.client();
    PrintWriter out = spec.commandLine().getOut();
    long last = 0;
    JsonNode page;
    do {
      page = client.get("/api/audit?limit=" + PAGE + "&after=" + last + filter.query());
      for (JsonNode event : page) {
        out.println(event);
        last = event.path("id").asLong();
      }
    } while (page.size() == PAGE && !out.checkError());
  }
}
