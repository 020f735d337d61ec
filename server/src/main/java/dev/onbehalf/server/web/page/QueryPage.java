package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a query over builds and deployments and shows what it found.
 *
 * @param query the query as it was asked
 * @param ofIssues whether each issue is shown once
 * @param fault what is wrong with the query; null for nothing
 * @param marked the query with its wrong part; null where none is
 * @param suggestions what can stand next in it
 * @param entries what was found; null where nothing was looked for
 * @param notes sentences about what was found
 * @param next where the next page is, a raw path after the context path; null after the last
 * @param data where programs get it, but for the format
 * @param action where the form goes, a raw path after the context path
 */
public record QueryPage(
    String query,
    boolean ofIssues,
    @Nullable String fault,
    @Nullable Marked marked,
    List<Suggestion> suggestions,
    @Nullable List<Reported> entries,
    List<String> notes,
    @Nullable String next,
    String data,
    String action)
    implements Page {

  public QueryPage {
    suggestions = List.copyOf(suggestions);
    entries = entries == null ? null : List.copyOf(entries);
    notes = List.copyOf(notes);
  }

  /** Queries to begin with. */
  public static List<String> examples() {
    return List.of(
        "environmentType = production AND current = true",
        "environmentType = production AND state = failed AND updated > -7d",
        "kind = build AND state = failed AND updated > -1d",
        "issue IN deployedToType(staging) AND issue NOT IN deployedToType(production)");
  }

  /** Returns a text as a value of a URL's query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String template() {
    return "query";
  }

  @Override
  public String title() {
    return "Query builds and deployments";
  }

  /** A query in three parts, of which the middle one is wrong; it is empty at the end. */
  public record Marked(String before, String wrong, String after) {}

  /**
   * A word that can stand next.
   *
   * @param word the word
   * @param path where the query goes on with it, a raw path after the context path
   */
  public record Suggestion(String word, String path) {}
}
