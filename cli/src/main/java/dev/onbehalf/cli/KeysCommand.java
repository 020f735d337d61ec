package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf keys show|rotate}: what to paste into a peer's form. */
@Command(name = "keys", description = "Shows and rotates this instance's own keys.")
final class KeysCommand extends Group {

  @Command(name = "show", description = "Prints them, ready to paste into a peer's form.")
  void show(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode keys = server.client().get("/api/keys");
    PrintWriter out = spec.commandLine().getOut();
    if (json(output, keys)) {
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
              + " then --activate, and --retire once nobody needs the older one. With --sealing, the"
              + " key that seals the secrets in the database: where nodes share one, it is"
              + " published first, too.")
  void rotate(
      @Mixin ServerOptions server,
      @Option(names = "--sealing", description = "The sealing key instead of the key pair.")
          boolean sealing,
      @Option(names = "--activate", description = "Sign by the next key from now on.")
          boolean activate,
      @Option(names = "--restore", description = "Go back to the previous key.") boolean restore,
      @Option(names = "--retire", description = "Destroy the previous private keys.")
          boolean retire) {
    if ((activate ? 1 : 0) + (restore ? 1 : 0) + (retire ? 1 : 0) > 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "Give one of --activate, --restore and --retire at a time.");
    }
    if (sealing) {
      if (restore || retire) {
        throw new CommandFailure(
            ExitCode.USAGE, "With --sealing there is only --activate: earlier keys stay.");
      }
      rotateSealing(server, activate);
      return;
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

  private void rotateSealing(ServerOptions server, boolean activate) {
    JsonNode keys =
        server
            .client()
            .post(
                "/api/keys/sealing/rotate",
                JsonNodeFactory.instance.objectNode().put("activate", activate));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        keys.path("step").asString().equals("published")
            ? "A sealing key was published. Copy the file 'keyset' of this node's data directory"
                + " to every other node, then run 'onbehalf keys rotate --sealing --activate'"
                + " here."
            : "A new sealing key is in use; earlier ones open what they sealed. Back the file"
                + " 'keyset' up with the database.");
    out.flush();
  }
}
