package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.query.Predicate.Resolved;
import dev.onbehalf.server.receive.query.QueryRunner.Hits;
import dev.onbehalf.server.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers queries over what was received; the language is in {@code docs/guide-query.md}. */
public final class Queries {
  /** Rows of a page where nothing else is said. */
  public static final int ROWS = 50;

  /** Rows of the largest page. */
  public static final int MOST_ROWS = 1_000;

  private final Names names;
  private final Resolver resolver;
  private final QueryRunner runner;
  private final Rows rows;
  private final InstantSource clock;

  public Queries(Database database, Issues issues, InstantSource clock) {
    names = new Names(database);
    resolver = new Resolver(names);
    runner = new QueryRunner(database, names, clock);
    rows = new Rows(database, issues);
    this.clock = clock;
  }

  /**
   * Answers a query.
   *
   * @param issues whether each issue is wanted once, and not each build and deployment
   * @param limit how many rows, 1 to {@link #MOST_ROWS}
   * @param after where the page before ended, as it said; null for the first page
   * @throws QueryFault if the text is no query
   * @throws IllegalArgumentException with one sentence, if something else is wrong
   * @throws QueryTimeout if it takes too long
   */
  public QueryResult run(String text, boolean issues, int limit, @Nullable String after) {
    if (limit < 1 || limit > MOST_ROWS) {
      throw new IllegalArgumentException("The limit is 1 to " + MOST_ROWS + " rows.");
    }
    Instant now = clock.instant();
    ParsedQuery query = QueryParser.parse(text, now);
    List<String> notes = new ArrayList<>();
    Resolved resolved = resolver.resolve(query.condition(), notes);
    Hits hits =
        runner.run(query, resolved, issues, limit, after == null ? null : Cursor.parse(after));
    return new QueryResult(
        rows.of(hits.hits()),
        hits.next() == null ? null : hits.next().toString(),
        hits.complete(),
        notes);
  }

  /**
   * Returns the words that can stand at the cursor.
   *
   * @param cursor offset in the text; beyond its end counts as its end
   */
  public List<Completion> completions(String text, int cursor) {
    return text.length() > Token.LONGEST_QUERY
        ? List.of()
        : Completion.of(text, Math.max(0, Math.min(cursor, text.length())), names, clock.instant());
  }
}
