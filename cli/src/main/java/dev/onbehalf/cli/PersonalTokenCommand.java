package dev.onbehalf.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code onbehalf personal-token add|list|revoke}: by which people's scripts act through links. */
@Command(
    name = "personal-token",
    description =
        "Makes, lists and revokes the tokens by which people's scripts act through links.")
final class PersonalTokenCommand extends Group {

  @Command(name = "add", description = "Makes a token and prints it, this once.")
  void add(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "PERSON", description = "As whom it acts.") String person,
      @Option(names = "--name", required = true, description = "What it is for.") String name,
      @Option(names = "--days", defaultValue = "90", description = "Its life: 1 to 366 days.")
          int days) {
    JsonNode made =
        server
            .client()
            .post(
                "/api/personal-tokens",
                JsonNodeFactory.instance
                    .objectNode()
                    .put("person", person)
                    .put("name", name)
                    .put("seconds", Duration.ofDays(days).toSeconds()));
    if (json(output, made)) {
      return;
    }
    out()
        .println(
            "Made a token of "
                + made.path("person").asString()
                + ", good until "
                + made.path("expires").asString()
                + "; shown this once:");
    out().println(made.path("value").asString());
    out().flush();
  }

  @Command(name = "list", description = "Lists the tokens that live, never their values.")
  void list(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Option(names = "--person", description = "Only those of this person.")
          @Nullable String person) {
    JsonNode tokens =
        server
            .client()
            .get(
                "/api/personal-tokens"
                    + (person == null ? "" : "?person=" + AdminClient.encode(person)));
    if (json(output, tokens)) {
      return;
    }
    TextTable table = new TextTable("ID", "PERSON", "NAME", "CREATED", "EXPIRES");
    for (JsonNode token : tokens) {
      table.row(
          token.path("id").asString(),
          token.path("person").asString(),
          token.path("name").asString(),
          token.path("created").asString(),
          token.path("expires").asString());
    }
    out().print(table);
    out().flush();
  }

  @Command(name = "revoke", description = "Ends a token at once.")
  void revoke(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
    server.client().delete("/api/personal-tokens/" + AdminClient.encode(id));
    out().println("Revoked " + id + ".");
  }
}
