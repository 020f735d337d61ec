package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf keys show|rotate}: what to paste into a peer's form. */
@Command(name = "keys", description = "Shows and rotates this instance's own key pair.")
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

  @Command(
      name = "rotate",
      description =
          "Rotates the key pair in steps: first it publishes the next key, which peers register;"
              + " then --activate, and --retire once nobody needs the older one.")
  void rotate(
      @Mixin ServerOptions server,
      @Option(names = "--activate", description = "Sign by the next key from now on.")
          boolean activate,
      @Option(names = "--restore", description = "Go back to the previous key.") boolean restore,
      @Option(names = "--retire", description = "Destroy the previous private keys.")
          boolean retire) {
    if ((activate ? 1 : 0) + (restore ? 1 : 0) + (retire ? 1 : 0) > 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "Give one of --activate, --restore and --retire at a time.");
    }
    String step = activate ? "activate" : restore ? "restore" : retire ? "retire" : "prepare";
    JsonNode after =
        server.client().post("/api/keys/" + step, JsonNodeFactory.instance.objectNode());
    PrintWriter out = spec.commandLine().getOut();
    TextTable table = new TextTable("ROLE", "THUMBPRINT", "CREATED");
    for (JsonNode key : after.path("keys")) {
      table.row(
          key.path("role").asString(),
          key.path("thumbprint").asString(),
          key.path("created").asString());
      if (step.equals("prepare") && key.path("role").asString().equals("next")) {
        out.println("The next public key, to register at every peer before --activate:");
        out.println(key.path("publicKey").asString());
      }
    }
    out.print(table);
    out.flush();
  }
}
