package dev.onbehalf.cli;

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

/** {@code onbehalf link add|list|show|edit|remove|reset|test}: where people act through us. */
@Command(
    name = "link",
    description = "Manages links: the applications in which people act through this server.")
final class LinkCommand extends Group {

  @Command(name = "add", description = "Adds a link, says what to enter at the peer, and tests it.")
  int add(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "URL", description = "The peer's base URL.") String url,
      @Mixin LinkOptions options,
      @Option(
              names = "--both-ways",
              description =
                  "Let the peer in as well, by the key it publishes, with the same ways on; for"
                      + " another Onbehalf, where the same command approves it.")
          boolean bothWays,
      @Option(
              names = "--without-manifest",
              description = "Do not ask the peer who it is; nothing is sent to it.")
          boolean withoutManifest) {
    ObjectNode body =
        options.body().put("url", url).put("discover", !withoutManifest).put("bothWays", bothWays);
    JsonNode added = server.client().post("/api/links", body);
    JsonNode report =
        withoutManifest
            ? null
            : server
                .client()
                .post(
                    path(added.path("id").asString()) + "/test",
                    JsonNodeFactory.instance.objectNode());
    if (json(output, added)) {
      return ExitCode.OK;
    }
    String name = added.path("name").asString();
    out().println("Added the link '" + name + "' to " + added.path("url").asString() + ".");
    if (added.path("consumer").isString()) {
      out()
          .println(
              "It may call this server as the consumer "
                  + added.path("consumer").asString()
                  + ". The other side approves this server by the same command there.");
    } else {
      LinkReportPrinter.fields(out(), added.path("fields"));
    }
    if (report != null) {
      out().println("As it is now:");
      LinkReportPrinter.findings(out(), report);
      out().println("When both sides are ready: onbehalf link test " + quoted(name));
    }
    return ExitCode.OK;
  }

  @Command(name = "test", description = "Tries every way of a link that is on.")
  int test(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "LINK", description = "Its name or id.") String link,
      @Option(names = "--as", paramLabel = "USER", description = "Who acts.")
          @Nullable String person) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (person != null) {
      body.put("person", person);
    }
    JsonNode report = server.client().post(path(link) + "/test", body);
    if (output.json) {
      out().println(Output.pretty(report));
    } else {
      LinkReportPrinter.findings(out(), report);
      if (!report.path("fields").isEmpty()) {
        LinkReportPrinter.fields(out(), report.path("fields"));
      }
    }
    return report.path("working").asBoolean() ? ExitCode.OK : ExitCode.FAILED;
  }

  @Command(name = "list", description = "Lists the links.")
  void list(@Mixin ServerOptions server, @Mixin Output output) {
    JsonNode links = server.client().get("/api/links");
    if (json(output, links)) {
      return;
    }
    TextTable table = new TextTable("NAME", "TYPE", "URL", "METHOD", "LEVELS", "PEOPLE");
    for (JsonNode link : links) {
      table.row(
          link.path("name").asString(),
          link.path("type").asString(),
          link.path("url").asString(),
          link.path("signatureMethod").asString(),
          levels(link),
          link.path("authorised").asString());
    }
    out().print(table);
    out().flush();
  }

  @Command(name = "show", description = "Shows one link.")
  void show(
      @Mixin ServerOptions server,
      @Mixin Output output,
      @Parameters(paramLabel = "LINK", description = "Its name or id.") String link) {
    JsonNode found = server.client().get(path(link));
    if (json(output, found)) {
      return;
    }
    fields(18, found);
  }

  @Command(name = "edit", description = "Changes a link; what is not named stays.")
  void edit(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "LINK", description = "Its name or id.") String link,
      @Option(names = "--url", description = "The peer's base URL.") @Nullable String url,
      @Mixin LinkOptions options) {
    ObjectNode body = options.body();
    if (url != null) {
      body.put("url", url);
    }
    JsonNode changed = server.client().patch(path(link), body);
    out().println("Changed the link '" + changed.path("name").asString() + "'.");
  }

  @Command(name = "remove", description = "Removes a link and the tokens people granted it.")
  void remove(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "LINK", description = "Its name or id.") String link) {
    server.client().delete(path(link));
    out().println("Removed the link '" + link + "' and its tokens.");
  }

  @Command(
      name = "reset",
      description =
          "Forgets the tokens people granted a link; each authorises it anew. Where the peer is let"
              + " in by its own key, takes the key it publishes now.")
  void reset(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = "LINK", description = "Its name or id.") String link) {
    JsonNode answer =
        server.client().post(path(link) + "/reset", JsonNodeFactory.instance.objectNode());
    out()
        .println(
            "Forgot the tokens of "
                + answer.path("forgotten").asString()
                + " people at '"
                + link
                + "'.");
    out().println(answer.path("peer").asString());
  }

  private static String levels(JsonNode link) {
    List<String> levels = new ArrayList<>();
    if (link.path("threeLegged").asBoolean()) {
      levels.add("3-legged");
    }
    if (link.path("twoLegged").asBoolean()) {
      levels.add("2-legged");
    }
    if (link.path("impersonation").asBoolean()) {
      levels.add("impersonation");
    }
    return String.join(", ", levels);
  }

  private static String quoted(String name) {
    return name.indexOf(' ') < 0 ? name : "'" + name + "'";
  }

  private static String path(String link) {
    return "/api/links/" + AdminClient.encode(link);
  }
}
