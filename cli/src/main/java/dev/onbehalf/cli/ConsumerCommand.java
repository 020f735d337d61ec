package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf consumer add|list|show|edit|remove}: who may sign requests. */
@Command(
    name = "consumer",
    description = "Manages consumers: the applications and scripts that sign requests.")
final class ConsumerCommand extends Group {

  @Command(name = "add", description = "Registers a consumer.")
  void add(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "KEY", description = "Its consumer key.") String key,
      @Mixin ConsumerOptions options,
      @Option(
              names = "--generate-secret",
              description = "Make the shared secret of an HMAC consumer and print it once.")
          boolean generateSecret) {
    ObjectNode body = options.body().put("key", key);
    if (generateSecret) {
      body.put("generateSecret", true);
    }
    JsonNode added = server.client().post("/api/consumers", body);
    if (json(output, added)) {
      return;
    }
    out().println("Registered " + key + ".");
    JsonNode secret = added.path("sharedSecret");
    if (secret.isString()) {
      out().println("Its shared secret, shown this once: " + secret.stringValue());
    }
    warn(added);
  }

  @Command(name = "list", description = "Lists the consumers.")
  void list(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode consumers = server.client().get("/api/consumers");
    if (json(output, consumers)) {
      return;
    }
    TextTable table = new TextTable("KEY", "NAME", "METHOD", "LEVELS", "ENABLED");
    for (JsonNode consumer : consumers) {
      table.row(
          consumer.path("key").asString(),
          consumer.path("name").asString(),
          consumer.path("signatureMethod").asString(),
          levels(consumer),
          Output.plain(consumer.path("enabled")));
    }
    out().print(table);
    out().flush();
    consumers.forEach(this::warn);
  }

  @Command(name = "show", description = "Shows one consumer.")
  void show(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "KEY") String key) {
    JsonNode consumer = server.client().get(path(key));
    if (json(output, consumer)) {
      return;
    }
    fields(18, consumer, "warnings");
    warn(consumer);
  }

  @Command(name = "edit", description = "Changes a consumer; what is not named stays.")
  void edit(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "KEY") String key,
      @Mixin ConsumerOptions options) {
    JsonNode changed = server.client().patch(path(key), options.body());
    out().println("Changed " + key + ".");
    warn(changed);
  }

  @Command(
      name = "rotate-secret",
      description = "Adds a second shared secret; the older one counts until it is retired.")
  void rotateSecret(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "KEY") String key,
      @Option(
              names = "--secret-file",
              paramLabel = "FILE",
              description = "The new secret; '-' reads standard input. By default one is made.")
          @Nullable String secretFile) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (secretFile != null) {
      body.put("sharedSecret", PasswordInput.read(secretFile, "Shared secret").reveal());
    }
    JsonNode rotated = server.client().post(path(key) + "/rotate", body);
    if (json(output, rotated)) {
      return;
    }
    JsonNode secret = rotated.path("sharedSecret");
    if (secret.isString()) {
      out().println("Its new shared secret, shown this once: " + secret.stringValue());
    }
    out()
        .println(
            "Both secrets count. When the peer has the new one: onbehalf consumer retire " + key);
  }

  @Command(
      name = "rotate-key",
      description = "Adds a second public key; the older one counts until it is retired.")
  void rotateKey(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--public-key", paramLabel = "FILE", required = true) Path publicKey) {
    server
        .client()
        .post(
            path(key) + "/rotate",
            JsonNodeFactory.instance
                .objectNode()
                .put("publicKey", ConsumerOptions.read(publicKey)));
    out()
        .println(
            "Both keys count. When the peer signs by the new one: onbehalf consumer retire " + key);
  }

  @Command(
      name = "retire",
      description = "Ends a live secret or key, by default all but the newest.")
  void retire(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "KEY") String key,
      @Parameters(
              paramLabel = "CREDENTIAL",
              arity = "0..1",
              description = "Its id, as 'consumer show' prints it.")
          @Nullable String credential) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (credential != null) {
      body.put("credential", credential);
    }
    JsonNode changed = server.client().post(path(key) + "/retire", body);
    out().println(key + " has " + changed.path("credentials").size() + " live credential left.");
  }

  @Command(name = "remove", description = "Removes a consumer and every token it has.")
  void remove(@Mixin ServerOptions server, @Parameters(paramLabel = "KEY") String key) {
    server.client().delete(path(key));
    out().println("Removed " + key + " and its tokens.");
  }

  private void warn(JsonNode consumer) {
    PrintWriter err = spec.commandLine().getErr();
    for (JsonNode warning : consumer.path("warnings")) {
      err.println("Warning: " + consumer.path("key").asString() + ": " + warning.asString());
    }
    err.flush();
  }

  private static String levels(JsonNode consumer) {
    List<String> levels = new ArrayList<>();
    if (consumer.path("threeLegged").asBoolean()) {
      levels.add("3-legged");
    }
    if (consumer.path("twoLegged").asBoolean()) {
      levels.add("2-legged as " + consumer.path("executeAs").asString("nobody"));
    }
    if (consumer.path("impersonation").asBoolean()) {
      levels.add("impersonation");
    }
    return levels.isEmpty() ? "none" : String.join(", ", levels);
  }

  private static String path(String key) {
    return "/api/consumers/" + AdminClient.encode(key);
  }
}
