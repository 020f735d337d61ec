package dev.onbehalf.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf token list|revoke}: what people have granted. */
@Command(name = "token", description = "Lists and revokes what people have granted.")
final class TokenCommand extends Group {

  @Command(name = "list", description = "Lists access tokens, by our own ids, never their values.")
  void list(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Option(names = "--person", description = "Only those of this person.")
          @Nullable String person,
      @Option(names = "--consumer", description = "Only those of this consumer.")
          @Nullable String consumer) {
    List<String> query = new ArrayList<>();
    if (person != null) {
      query.add("person=" + AdminClient.encode(person));
    }
    if (consumer != null) {
      query.add("consumer=" + AdminClient.encode(consumer));
    }
    JsonNode tokens = server.client().get("/api/tokens?" + String.join("&", query));
    if (json(output, tokens)) {
      return;
    }
    TextTable table = new TextTable("ID", "PERSON", "CONSUMER", "CREATED", "LAST USED", "EXPIRES");
    for (JsonNode token : tokens) {
      table.row(
          token.path("id").asString(),
          token.path("person").asString(),
          token.path("consumer").asString(),
          token.path("created").asString(),
          token.path("lastUsed").asString("never"),
          token.path("expires").asString());
    }
    out().print(table);
    out().flush();
  }

  @Command(name = "revoke", description = "Revokes one access token at once.")
  void revoke(@Mixin ServerOptions server, @Parameters(paramLabel = "ID") String id) {
    server.client().delete("/api/tokens/" + AdminClient.encode(id));
    out().println("Revoked " + id + ".");
  }
}
