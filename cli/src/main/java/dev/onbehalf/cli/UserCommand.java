package dev.onbehalf.cli;

import dev.onbehalf.oauth1.Secret;
import java.util.ArrayList;
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

/** {@code onbehalf user add|list|edit|remove}: the people of the users file. */
@Command(name = "user", description = "Manages the people of the users file.")
final class UserCommand extends Group {

  @Command(name = "add", description = "Adds a person; asks for the password.")
  void add(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME", description = "User name, as the applications know it.")
          String name,
      @Option(names = "--display-name", description = "Name shown to people.")
          @Nullable String displayName,
      @Option(names = "--email", description = "Mail address.") @Nullable String email,
      @Option(names = "--group", description = "A group; may be repeated.")
          @Nullable List<String> groups,
      @Option(
              names = "--password-file",
              paramLabel = "FILE",
              description = "File that holds the password; '-' reads standard input.")
          @Nullable String passwordFile) {
    Secret password = PasswordInput.read(passwordFile, "Password of " + name);
    ObjectNode body = fields(displayName, email, groups).put("name", name);
    body.put("password", password.reveal());
    server.client().post("/api/users", body);
    out().println("Added " + name + ".");
  }

  @Command(name = "list", description = "Lists the people.")
  void list(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode users = server.client().get("/api/users");
    if (json(output, users)) {
      return;
    }
    TextTable table = new TextTable("NAME", "DISPLAY NAME", "GROUPS", "ACTIVE");
    for (JsonNode user : users) {
      List<String> groups = new ArrayList<>();
      user.path("groups").forEach(group -> groups.add(group.asString()));
      table.row(
          user.path("name").asString(),
          user.path("displayName").asString(),
          String.join(", ", groups),
          user.path("active").asBoolean() ? "yes" : "no");
    }
    out().print(table);
    out().flush();
  }

  @Command(name = "edit", description = "Changes a person; what is not named stays.")
  void edit(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--display-name", description = "Name shown to people.")
          @Nullable String displayName,
      @Option(names = "--email", description = "Mail address.") @Nullable String email,
      @Option(names = "--group", description = "The groups from now on; may be repeated.")
          @Nullable List<String> groups,
      @Option(names = "--active", arity = "1", description = "false ends sessions and tokens.")
          @Nullable Boolean active,
      @Option(names = "--password", description = "Ask for a new password.") boolean newPassword,
      @Option(
              names = "--password-file",
              paramLabel = "FILE",
              description = "File that holds the new password; '-' reads standard input.")
          @Nullable String passwordFile) {
    ObjectNode body = fields(displayName, email, groups);
    if (active != null) {
      body.put("active", active.booleanValue());
    }
    if (newPassword || passwordFile != null) {
      body.put("password", PasswordInput.read(passwordFile, "New password of " + name).reveal());
    }
    server.client().patch(path(name), body);
    out().println("Changed " + name + ".");
  }

  @Command(name = "remove", description = "Removes a person, their sessions and their tokens.")
  void remove(@Mixin ServerOptions server, @Parameters(paramLabel = "NAME") String name) {
    server.client().delete(path(name));
    out().println("Removed " + name + ", with sessions and tokens.");
  }

  private static String path(String name) {
    return "/api/users/" + AdminClient.encode(name);
  }

  private static ObjectNode fields(
      @Nullable String displayName, @Nullable String email, @Nullable List<String> groups) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (displayName != null) {
      body.put("displayName", displayName);
    }
    if (email != null) {
      body.put("email", email);
    }
    if (groups != null) {
      ArrayNode list = body.putArray("groups");
      groups.stream().filter(group -> !group.isEmpty()).forEach(list::add);
    }
    return body;
  }
}
