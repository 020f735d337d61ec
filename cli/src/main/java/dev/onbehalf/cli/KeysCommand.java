package dev.onbehalf.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf keys show}: what to paste into a peer's form. */
@Command(name = "keys", description = "Shows and rotates this instance's own keys.")
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
      description = {
        "Rotates a key; what earlier ones sealed or signed stays readable.",
        "With PostgreSQL the new sealing key is published first: copy the file 'keyset' to the"
            + " data directory of every other node, then run it again with --activate."
      })
  void rotate(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Option(
              names = "--sealing",
              required = true,
              description = "The key that seals the secrets in the database.")
          boolean sealing,
      @Option(names = "--activate", description = "Use the key that was published.")
          boolean activate) {
    JsonNode keys =
        server
            .client()
            .post(
                "/api/keys/sealing/rotate",
                JsonNodeFactory.instance.objectNode().put("activate", activate));
    PrintWriter out = spec.commandLine().getOut();
    out.println(output.json ? Output.pretty(keys) : sealingSentence(keys.path("step").asString()));
    out.flush();
  }

  private static String sealingSentence(String step) {
    return step.equals("published")
        ? "A sealing key was published. Copy the file 'keyset' of this node's data directory to"
            + " every other node, then run 'onbehalf keys rotate --sealing --activate' here."
        : "A new sealing key is in use; earlier ones open what they sealed. Back the file"
            + " 'keyset' up with the database.";
  }
}
