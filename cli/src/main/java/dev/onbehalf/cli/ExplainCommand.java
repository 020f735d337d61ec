package dev.onbehalf.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf explain [REQUEST-ID]}: why a signature was refused, and what to try. */
@Command(name = "explain", description = "Says why a signed request was refused, and what to try.")
final class ExplainCommand implements Runnable {
  @Mixin ServerOptions server;
  @Mixin Output output;

  @Parameters(
      paramLabel = "REQUEST-ID",
      arity = "0..1",
      description =
          "As the audit trail and the X-Request-Id header name it; by default the newest.")
  @Nullable String requestId;

  @Option(
      names = {"-n", "--lines"},
      description = "How many of the newest; default ${DEFAULT-VALUE}.")
  int lines = 1;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode found =
        requestId == null
            ? server.client().get("/api/explanations?limit=" + lines)
            : server.client().get("/api/explanations/" + AdminClient.encode(requestId));
    if (output.json) {
      out.println(Output.pretty(found));
    } else if (!found.isArray()) {
      print(out, found);
    } else if (found.isEmpty()) {
      out.println("No signature has been refused since the start.");
    } else {
      found.forEach(explanation -> print(out, explanation));
    }
    out.flush();
  }

  private static void print(PrintWriter out, JsonNode explanation) {
    out.println(
        explanation.path("at").asString()
            + " request "
            + explanation.path("requestId").asString()
            + " to "
            + explanation.path("application").asString()
            + " by "
            + explanation.path("consumer").asString("a consumer it does not name")
            + ": "
            + explanation.path("problem").asString()
            + (explanation.path("rfc5849").isString()
                ? " (RFC 5849, section " + explanation.path("rfc5849").asString() + ")"
                : ""));
    out.println("  Finding:  " + explanation.path("finding").asString());
    out.println("  To try:   " + explanation.path("remedy").asString());
    if (explanation.path("baseString").isString()) {
      out.println("  Expected: " + explanation.path("baseString").asString());
    }
  }
}
