package dev.onbehalf.cli;

import dev.onbehalf.server.diagnosis.ConfigurationChecks;
import dev.onbehalf.server.diagnosis.SetupFinding;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf doctor}: what is wrong with the set-up, and what to do. */
@Command(
    name = "doctor",
    description = "Looks at the set-up from all sides: says what is wrong, and what to do.")
final class DoctorCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 250;

  @Mixin ServerOptions server;
  @Mixin Output output;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode report;
    try {
      report = ask(server.client());
    } catch (CommandFailure e) {
      if (e.exitCode() == ExitCode.UNREACHABLE && !server.elsewhere()) {
        print(offline());
      }
      throw e;
    }
    if (!report.path("state").asString().equals("done")) {
      throw new CommandFailure(
          ExitCode.FAILED, report.path("fault").asString("The doctor did not come to an end."));
    }
    print(report);
    return DoctorReport.count(report, "fault") == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  private JsonNode ask(AdminClient client) {
    JsonNode report = client.post("/api/doctor", JsonNodeFactory.instance.objectNode());
    while (report.path("state").asString().equals("running")) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(ExitCode.FAILED, "Interrupted; the server goes on.", e);
      }
      report = client.get("/api/doctor");
      progress(report);
    }
    return report;
  }

  /** What the configuration and the files alone tell. */
  private JsonNode offline() {
    ObjectNode report = JsonNodeFactory.instance.objectNode().put("state", "offline");
    report.set(
        "findings",
        SetupFinding.json(ConfigurationChecks.run(server.configuration(), Clock.systemUTC())));
    return report;
  }

  @SuppressWarnings("SystemConsoleNull") // Main asks for the console that is null
  private void progress(JsonNode report) {
    if (System.console() == null || output.json) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    if (report.path("state").asString().equals("running")) {
      err.print(
          "\r" + report.path("done").asInt() + " of " + report.path("total").asInt() + " checks");
    } else {
      err.print("\r                              \r");
    }
    err.flush();
  }

  private void print(JsonNode report) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.json) {
      out.println(Output.pretty(report));
    } else {
      DoctorReport.print(out, report);
    }
    out.flush();
  }
}
