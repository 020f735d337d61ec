package dev.onbehalf.cli;

import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.receive.query.QueryEndpoint;
import dev.onbehalf.server.receive.query.QueryFormat;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf query}: asks for builds, deployments and issues in the query language. */
@Command(name = "query", description = "Finds received builds, deployments and issues by a query.")
final class QueryCommand implements Runnable {
  @Mixin ServerOptions server;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Public URL of the receiving site (default: receive.public-url).")
  @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with your personal token; without it the administrator asks.")
  @Nullable Path tokenFile;

  @Parameters(
      paramLabel = "TEXT",
      description = "The query, such as 'environmentType = production AND current = true'.")
  String text = "";

  @ArgGroup @Nullable Format format;

  @Option(names = "--issues", description = "Each issue once, and not each build and deployment.")
  boolean issues;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many rows, 1 to 1000; default ${DEFAULT-VALUE}.")
  int limit = 50;

  @Option(
      names = "--after",
      paramLabel = "NEXT",
      description = "The next page: what the page before gave as 'next'.")
  @Nullable String after;

  @Spec CommandSpec spec;

  /** What is printed instead of a table. */
  static final class Format {
    @Option(names = "--json", description = "Print JSON for machines.")
    boolean json;

    @Option(names = "--csv", description = "Print CSV for spreadsheets.")
    boolean csv;

    @Option(
        names = "--complete",
        description = "Print the words that can come next in TEXT, one a line.")
    boolean complete;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    String asked = "?q=" + AdminClient.encode(text);
    if (format != null && format.complete) {
      for (JsonNode word : asked("/completions" + asked)) {
        out.println(plain(word.path("word")));
      }
      out.flush();
      return;
    }
    JsonNode found =
        asked(
            asked
                + "&limit="
                + limit
                + (issues ? "&show=issues" : "")
                + (after == null ? "" : "&after=" + AdminClient.encode(after)));
    if (format != null && format.json) {
      out.println(Output.pretty(found));
    } else {
      out.print(format != null && format.csv ? QueryFormat.csv(found) : table(found));
      PrintWriter err = spec.commandLine().getErr();
      found.path("notes").forEach(note -> err.println(plain(note)));
      if (found.path("next").isString()) {
        err.println("There are more: --after " + found.path("next").asString());
      } else if (!found.path("complete").asBoolean(true)) {
        err.println("There may be more: narrow the query by a project, an environment or a time.");
      }
      err.flush();
    }
    out.flush();
  }

  /** Asks as a person by their token, else as the administrator. */
  private JsonNode asked(String pathAndQuery) {
    Path file = tokenFile;
    if (file == null) {
      if (url != null) {
        throw new CommandFailure(
            ExitCode.USAGE, "At --server you ask as yourself: give your token with --token-file.");
      }
      return server.client().get("/api/query" + pathAndQuery);
    }
    String base = site().toString().replaceFirst("/+$", "");
    return new AdminClient(URI.create(base), ActingOptions.read(file))
        .get(base + QueryEndpoint.DATA + pathAndQuery);
  }

  private URI site() {
    if (url != null) {
      return url;
    }
    ReceiveConfig receive = server.configuration().receive();
    if (receive == null) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          "The configuration has no receive.public-url; name the receiving site with --server.");
    }
    return URI.create(receive.publicUrl().toString());
  }

  private TextTable table(JsonNode found) {
    TextTable table =
        issues
            ? new TextTable("ISSUE", "STATE", "WHERE", "PIPELINE", "NUMBER", "UPDATED")
            : new TextTable("KIND", "STATE", "WHERE", "PIPELINE", "NUMBER", "UPDATED", "ISSUES");
    for (JsonNode row : found.path("rows")) {
      String first = plain(row.path(issues ? "issue" : "kind"));
      String state = plain(row.path("state"));
      String where = row.has("environment") ? plain(row.path("environment")) : "-";
      String pipeline = plain(row.path("pipeline"));
      String number = plain(row.path("number"));
      String updated = plain(row.path("updated"));
      if (issues) {
        table.row(first, state, where, pipeline, number, updated);
      } else {
        StringBuilder keys = new StringBuilder();
        row.path("issues")
            .forEach(key -> keys.append(keys.isEmpty() ? "" : " ").append(plain(key)));
        table.row(first, state, where, pipeline, number, updated, keys.toString());
      }
    }
    return table;
  }

  /** What senders wrote must not steer the terminal. */
  private static String plain(JsonNode value) {
    return value.asString("").replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
  }
}
