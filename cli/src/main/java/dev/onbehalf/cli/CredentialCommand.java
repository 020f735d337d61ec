package dev.onbehalf.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code onbehalf credential …}: who may send builds and deployments to this server. */
@Command(
    name = "credential",
    description = "Manages credentials: what CI servers send builds and deployments with.")
final class CredentialCommand extends Group {
  private static final String NAME = "Its name, or its client id.";

  @Command(name = "create", description = "Makes a credential; prints its secret once.")
  void create(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "NAME", description = "A name for people, such as the CI's.")
          String name,
      @Mixin Fields fields) {
    ObjectNode body = fields.body().put("name", name);
    if (fields.allow == null) {
      ArrayNode scopes = body.putArray("scopes");
      scopes.add("builds").add("deployments");
    }
    JsonNode made = server.client().post("/api/credentials", body);
    if (json(output, made)) {
      return;
    }
    out().println("Made the credential " + name + ".");
    out().println("Client id: " + made.path("clientId").asString());
    out().println("Its secret, shown this once: " + made.path("secret").asString());
    out().flush();
  }

  @Command(name = "list", description = "Lists the credentials.")
  void list(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode credentials = server.client().get("/api/credentials");
    if (json(output, credentials)) {
      return;
    }
    TextTable table =
        new TextTable("NAME", "CLIENT ID", "MAY", "PROJECTS", "ENABLED", "EXPIRES", "LAST USED");
    for (JsonNode credential : credentials) {
      table.row(
          credential.path("name").asString(),
          credential.path("clientId").asString(),
          Output.plain(credential.path("scopes")),
          Output.plain(credential.path("projects")),
          Output.plain(credential.path("enabled")),
          Output.plain(credential.path("expires")),
          Output.plain(credential.path("lastUsed")));
    }
    out().print(table);
    out().flush();
  }

  @Command(name = "show", description = "Shows one credential, without its secrets.")
  void show(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    JsonNode credential = server.client().get(path(name));
    if (json(output, credential)) {
      return;
    }
    fields(10, credential);
  }

  @Command(name = "edit", description = "Changes a credential; what is not named stays.")
  void edit(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Option(names = "--name", description = "A new name.") @Nullable String newName,
      @Mixin Fields fields) {
    ObjectNode body = fields.body();
    if (newName != null) {
      body.put("name", newName);
    }
    server.client().patch(path(name), body);
    out().println("Changed " + name + ".");
  }

  @Command(
      name = "rotate",
      description = "Makes a second secret; the older one counts until it is retired.")
  void rotate(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    JsonNode rotated =
        server.client().post(path(name) + "/rotate", JsonNodeFactory.instance.objectNode());
    if (json(output, rotated)) {
      return;
    }
    out().println("Its new secret, shown this once: " + rotated.path("secret").asString());
    out()
        .println(
            "Both secrets count. When the senders have the new one: onbehalf credential retire "
                + name);
  }

  @Command(
      name = "retire",
      description = "Ends a live secret and its tokens, by default all but the newest.")
  void retire(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Parameters(
              paramLabel = "SECRET",
              arity = "0..1",
              description = "The id of the secret, as 'credential show' prints it.")
          @Nullable String secret) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (secret != null) {
      body.put("secret", secret);
    }
    JsonNode changed = server.client().post(path(name) + "/retire", body);
    out().println(name + " has " + changed.path("secrets").size() + " live secret left.");
  }

  @Command(
      name = "disable",
      description = "Stops a credential and its tokens at once; what it sent stays.")
  void disable(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    enable(server, name, false);
    out().println("Disabled " + name + ".");
  }

  @Command(name = "enable", description = "Lets a disabled credential count again.")
  void enable(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = NAME) String name) {
    enable(server, name, true);
    out().println("Enabled " + name + ".");
  }

  private static void enable(ServerOptions server, String name, boolean enabled) {
    server
        .client()
        .patch(path(name), JsonNodeFactory.instance.objectNode().put("enabled", enabled));
  }

  @Command(name = "delete", description = "Deletes a credential for good.")
  void delete(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = NAME) String name,
      @Option(
              names = "--data",
              paramLabel = "keep|delete",
              required = true,
              description = "What becomes of the builds and deployments it sent.")
          String data) {
    server.client().delete(path(name) + "?data=" + AdminClient.encode(data));
    out().println("Deleted " + name + ".");
  }

  /** What can be said about a credential. */
  static final class Fields {
    @Option(
        names = "--allow",
        paramLabel = "SCOPE",
        split = ",",
        description =
            "What it may do with its own data: builds, deployments, remotelinks, devinfo, each"
                + " alone or with :read, :write or :delete. Builds and deployments by default.")
    @Nullable List<String> allow;

    @Option(
        names = "--project",
        paramLabel = "KEY",
        split = ",",
        description = "Projects it may report on; all by default, '' for all again.")
    @Nullable List<String> projects;

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "When it ends, such as 2027-01-31T09:00:00Z; '' for never, the default.")
    @Nullable String expires;

    ObjectNode body() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      if (allow != null) {
        ArrayNode scopes = body.putArray("scopes");
        allow.forEach(scopes::add);
      }
      if (projects != null) {
        ArrayNode keys = body.putArray("projects");
        projects.stream().filter(key -> !key.isEmpty()).forEach(keys::add);
      }
      if (expires != null) {
        body.put("expires", expires);
      }
      return body;
    }
  }

  private static String path(String name) {
    return "/api/credentials/" + AdminClient.encode(name);
  }
}
