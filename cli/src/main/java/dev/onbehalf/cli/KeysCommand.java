package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf keys show}: what to paste into a peer's form. */
@Command(name = "keys", description = "Shows this instance's own consumer key and public key.")
final class KeysCommand extends Group {

  @Command(name = "show", description = "Prints them, ready to paste into a peer's form.")
  void show(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode keys = server.client().get("/api/keys");
    PrintWriter out = spec.commandLine().getOut();
    if (output.json) {
      out.println(Output.pretty(keys));
      return;
    }
    out.println("Consumer key:  " + keys.path("consumerKey").asString());
    out.println("Public key, for a form's one-line field:");
    out.println(keys.path("publicKey").asString());
    out.println("Public key, as PEM:");
    out.print(keys.path("pem").asString());
    out.flush();
  }
}
