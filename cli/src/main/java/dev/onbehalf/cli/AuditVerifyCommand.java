package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf audit verify}: is every record as it was written. */
@Command(
    name = "verify",
    description = "Recomputes the whole audit trail and finds altered, missing or added records.")
final class AuditVerifyCommand implements Callable<Integer> {
  private static final long POLL_MILLIS = 250;
  private static final int POLLS_PER_LINE = 8;

  @Mixin ServerOptions server;
  @Mixin Output output;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    AdminClient client = server.client();
    JsonNode state = client.post("/api/audit/verify", JsonNodeFactory.instance.objectNode());
    for (int poll = 1; state.path("state").asString().equals("running"); poll++) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(ExitCode.FAILED, "Interrupted; the server goes on.", e);
      }
      state = client.get("/api/audit/verify");
      if (poll % POLLS_PER_LINE == 0 && state.path("total").asLong() > 0) {
        progress(state);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(output.json ? Output.pretty(state) : sentence(state));
    out.flush();
    return state.path("sound").asBoolean(false) ? ExitCode.OK : ExitCode.FAILED;
  }

  private void progress(JsonNode state) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(state.path("done").asLong() + " of " + state.path("total").asLong() + " records");
    err.flush();
  }

  private static String sentence(JsonNode state) {
    if (!state.path("sound").asBoolean(false)) {
      return "The audit trail is NOT as it was written: "
          + state.path("fault").asString("it could not be read.");
    }
    if (state.path("lastId").asLong() == 0) {
      return "The audit trail is empty: nothing was ever recorded.";
    }
    return "The audit trail is sound: "
        + state.path("records").asLong()
        + " records, from "
        + state.path("firstId").asLong()
        + " to "
        + state.path("lastId").asLong()
        + ", whose hash is "
        + state.path("lastHash").asString()
        + ".";
  }
}
