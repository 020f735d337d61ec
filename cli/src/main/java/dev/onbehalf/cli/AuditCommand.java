package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf audit}: who asked, as whom it ran, through what, allowed or why not. */
@Command(
    name = "audit",
    description = "Prints the audit trail, oldest first, and follows it.",
    subcommands = {AuditVerifyCommand.class, AuditExportCommand.class})
final class AuditCommand implements Runnable {
  private static final long POLL_MILLIS = 500;

  @Mixin ServerOptions server;

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what happens.")
  boolean follow;

  @Option(
      names = {"-n", "--lines"},
      description = "How many of the newest; default ${DEFAULT-VALUE}.")
  int lines = 50;

  @Mixin AuditFilter filter;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    AdminClient client = server.client();
    long last = print(out, client.get("/api/audit?limit=" + lines + filter.query()), 0);
    while (follow) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      last = print(out, client.get("/api/audit?limit=1000&after=" + last + filter.query()), last);
    }
  }

  private long print(PrintWriter out, JsonNode events, long last) {
    long newest = last;
    for (JsonNode event : events) {
      out.println(json ? event.toString() : AuditLine.of(event));
      newest = Math.max(newest, event.path("id").asLong());
    }
    out.flush();
    return newest;
  }
}
