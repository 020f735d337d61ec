package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Predicate.Resolved;
import dev.onbehalf.server.store.Database;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.cache.internal.DefaultJdbiCacheBuilder;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what a query asks for: along the shortest index that has it all, in batches that grow,
 * until the page is full, the index ends or enough was looked at. What it costs is therefore
 * bounded whatever is asked and however much is stored.
 */
final class QueryRunner {
  /** What the server sends itself to try the site is nobody's build. */
  static final String NOT_OUR_OWN =
      " AND e.credential_id NOT IN (SELECT id FROM receive_credential WHERE folded_name = '"
          + Credential.OWN_NAME
          + "')";

  static final int MOST_EXAMINED = 50_000;

  private static final Duration MOST_TIME = Duration.ofSeconds(10);
  private static final int STATEMENT_SECONDS = 5;
  private static final int FIRST_BATCH = 200;
  private static final int LARGEST_BATCH = 5_000;
  private static final int LARGEST_MERGE = 20_000;
  private static final int TESTED_AT_ONCE = 500;
  private static final int PROBED = 1_000;

  /** Of the long statements that people make up few are remembered. */
  private static final SqlParser PARSER =
      new ColonPrefixSqlParser(DefaultJdbiCacheBuilder.builder().maxSize(50));

  private final Database database;
  private final Names names;
  private final InstantSource clock;

  QueryRunner(Database database, Names names, InstantSource clock) {
    this.database = database;
    this.names = names;
    this.clock = clock;
  }

  /**
   * What was found.
   *
   * @param entity number of the entity
   * @param issue the issue, where issues were asked for; else null
   */
  record Hit(long entity, long millis, @Nullable String issue) {}

  /**
   * A page of it.
   *
   * @param next where to go on; null at the end
   * @param complete whether it ended because there is no more, or the page was full
   */
  record Hits(List<Hit> hits, @Nullable Cursor next, boolean complete) {}

  /** A candidate. */
  private record Candidate(long entity, long millis) {}

  /** The times between which everything lies that a query asks for. */
  private record Range(long from, long to) {
    static Range of(List<Condition> conjuncts) {
      long from = Long.MIN_VALUE;
      long to = Long.MAX_VALUE;
      for (Condition conjunct : conjuncts) {
        if (conjunct instanceof Compare compare && compare.field() == Field.UPDATED) {
          long value = compare.value();
          switch (compare.operator()) {
            case GREATER -> from = Math.max(from, value + 1);
            case AT_LEAST -> from = Math.max(from, value);
            case LESS -> to = Math.min(to, value - 1);
            default -> to = Math.min(to, value);
          }
        }
      }
      return new Range(from, to);
    }
  }

  /**
   * Looks for the next rows.
   *
   * @param ofIssues whether each issue is wanted once, and not each build and deployment
   * @param limit how many
   */
  Hits run(
      ParsedQuery query, Resolved resolved, boolean ofIssues, int limit, @Nullable Cursor after) {
    Condition condition = query.condition() == null ? new And(List.of()) : query.condition();
    List<Condition> conjuncts = Candidates.conjuncts(condition);
    Range range = Range.of(conjuncts);
    List<Branch> way = shortest(Candidates.ways(names, conjuncts, ofIssues), range);
    return walk(
        new Walk(way, range, query.ascending(), condition, resolved, ofIssues), limit, after);
  }

  private record Walk(
      List<Branch> way,
      Range range,
      boolean ascending,
      Condition condition,
      Resolved resolved,
      boolean ofIssues) {}

  private Hits walk(Walk walk, int limit, @Nullable Cursor after) {
    Instant deadline = clock.instant().plus(MOST_TIME);
    int most =
        Math.max(100, Math.min(LARGEST_BATCH, LARGEST_MERGE / Math.max(1, walk.way().size())));
    int batch = Math.min(most, Math.max(FIRST_BATCH, limit + 1));
    List<Hit> hits = new ArrayList<>();
    Set<String> issues = new LinkedHashSet<>();
    Repeats repeats =
        new Repeats(walk.ofIssues() ? after : null, keys -> before(walk, keys, after));
    JudgedIssues judged = new JudgedIssues(issue -> fulfilling(walk, issue));
    @Nullable Cursor at = beginning(after, walk.ascending());
    int examined = 0;
    while (true) {
      List<Candidate> candidates = walk.way().isEmpty() ? List.of() : candidates(walk, at, batch);
      List<Candidate> distinct = new ArrayList<>(new LinkedHashSet<>(candidates));
      for (int from = 0; from < distinct.size(); from += TESTED_AT_ONCE) {
        List<Candidate> some =
            distinct.subList(from, Math.min(distinct.size(), from + TESTED_AT_ONCE));
        Map<Long, List<String>> passed = passed(walk, some, judged);
        some.forEach(each -> repeats.expect(passed.getOrDefault(each.entity(), List.of())));
        for (Candidate candidate : some) {
          for (String issue : passed.getOrDefault(candidate.entity(), List.of())) {
            if (walk.ofIssues()
                && (!issues.add(issue) || repeats.shown(candidate.entity(), issue))) {
              continue;
            }
            if (hits.size() == limit) {
              Hit last = hits.get(limit - 1);
              return new Hits(hits, new Cursor(last.millis(), last.entity(), last.issue()), true);
            }
            hits.add(
                new Hit(candidate.entity(), candidate.millis(), walk.ofIssues() ? issue : null));
          }
          at = new Cursor(candidate.millis(), candidate.entity(), null);
        }
        if (clock.instant().isAfter(deadline) && at != null) {
          return new Hits(hits, at, false);
        }
      }
      if (candidates.size() < batch) {
        return new Hits(hits, null, true);
      }
      examined += candidates.size();
      if (examined >= MOST_EXAMINED) {
        return new Hits(hits, at, false);
      }
      batch = Math.min(most, batch * 4);
    }
  }

  /** Returns where to begin: an entity of which issues are left comes once more. */
  private static @Nullable Cursor beginning(@Nullable Cursor after, boolean ascending) {
    return after == null || after.issue() == null
        ? after
        : new Cursor(after.millis(), after.entity() + (ascending ? -1 : 1), null);
  }

  /** Returns of which issues something fits that the pages before looked at. */
  private List<String> before(Walk walk, List<String> issues, @Nullable Cursor after) {
    if (after == null) {
      return List.of();
    }
    Bindings bindings = new Bindings();
    String sql =
        Repeats.sql(
            bindings, issues, predicate(walk, bindings), walk.ascending(), after.issue() == null);
    return timed(
        sql,
        query ->
            bindings
                .to(query)
                .bind("edge", after.millis())
                .bind("entity", after.entity())
                .mapTo(String.class)
                .list());
  }

  /** Returns the way with the fewest rows, as far as that is counted. */
  private List<Branch> shortest(List<List<Branch>> ways, Range range) {
    List<Branch> shortest = ways.get(0);
    int least = Integer.MAX_VALUE;
    for (List<Branch> way : ways) {
      int rows = ways.size() == 1 || way.isEmpty() ? 0 : probe(way, range);
      if (rows < least) {
        least = rows;
        shortest = way;
      }
    }
    return shortest;
  }

  private int probe(List<Branch> way, Range range) {
    Bindings bindings = new Bindings();
    String sql = "SELECT COUNT(*) FROM (" + union(way, bindings, false) + ") t";
    return timed(
        sql,
        query ->
            edge(bindings.to(query), range, false, null)
                .bind("batch", Math.max(1, PROBED / way.size()))
                .mapTo(Integer.class)
                .one());
  }

  private static String union(List<Branch> way, Bindings bindings, boolean ascending) {
    return way.stream()
        .map(branch -> branch.sql(bindings, ascending))
        .collect(Collectors.joining(" UNION ALL "));
  }

  /** Writes the query of the next candidates of all branches. */
  static String candidates(List<Branch> way, Bindings bindings, boolean ascending) {
    String order = ascending ? "ASC" : "DESC";
    return "SELECT t.id, t.updated_ms FROM ("
        + union(way, bindings, ascending)
        + ") t ORDER BY t.updated_ms "
        + order
        + ", t.id "
        + order
        + " LIMIT :batch";
  }

  private List<Candidate> candidates(Walk walk, @Nullable Cursor after, int batch) {
    Bindings bindings = new Bindings();
    String sql = candidates(walk.way(), bindings, walk.ascending());
    return timed(
        sql,
        query ->
            edge(bindings.to(query), walk.range(), walk.ascending(), after)
                .bind("batch", batch)
                .map((row, context) -> new Candidate(row.getLong("id"), row.getLong("updated_ms")))
                .list());
  }

  private static Query edge(Query query, Range range, boolean ascending, @Nullable Cursor after) {
    long edge = after != null ? after.millis() : ascending ? Long.MIN_VALUE : Long.MAX_VALUE;
    return query
        .bind("from", ascending ? Math.max(range.from(), edge) : range.from())
        .bind("to", ascending ? range.to() : Math.min(range.to(), edge))
        .bind("edge", edge)
        .bind("entity", after != null ? after.entity() : edge);
  }

  /** Writes the query that says which of some candidates fulfil the condition. */
  static String test(String predicate, String ids, boolean ofIssues) {
    return "SELECT e.id"
        + (ofIssues ? ", i.issue_key" : ", '' AS issue_key")
        + " FROM received_entity e JOIN received_pipeline p ON p.id = e.pipeline_ref"
        + " LEFT JOIN received_environment v ON v.id = e.environment_ref"
        + (ofIssues ? " JOIN received_issue i ON i.entity_id = e.id" : "")
        + " WHERE e.id IN "
        + ids
        + NOT_OUR_OWN
        + " AND "
        + predicate;
  }

  private static String predicate(Walk walk, Bindings bindings) {
    return walk.condition() instanceof And and && and.parts().isEmpty()
        ? "1 = 1"
        : new Predicate(bindings, walk.resolved(), walk.ofIssues()).of(walk.condition());
  }

  private Map<Long, List<String>> passed(
      Walk walk, List<Candidate> candidates, JudgedIssues judged) {
    if (!walk.ofIssues() || !walk.condition().ofIssuesAlone()) {
      return passed(walk, candidates);
    }
    List<Long> ids = candidates.stream().map(Candidate::entity).toList();
    Map<Long, List<String>> issues = new HashMap<>();
    timed(
            Rows.ISSUES,
            query ->
                query
                    .bindList("ids", ids)
                    .map(
                        (row, context) ->
                            Map.entry(row.getLong("entity_id"), row.getString("issue_key")))
                    .list())
        .forEach(
            row ->
                issues.computeIfAbsent(row.getKey(), id -> new ArrayList<>()).add(row.getValue()));
    judged.retain(issues);
    issues.values().forEach(keys -> keys.sort(null));
    return issues;
  }

  private List<String> fulfilling(Walk walk, List<String> issues) {
    Bindings bindings = new Bindings();
    String sql = JudgedIssues.sql(bindings, issues, predicate(walk, bindings));
    return timed(sql, query -> bindings.to(query).mapTo(String.class).list());
  }

  private Map<Long, List<String>> passed(Walk walk, List<Candidate> candidates) {
    Bindings bindings = new Bindings();
    String predicate = predicate(walk, bindings);
    String ids = bindings.list(candidates.stream().map(Candidate::entity).toList());
    Map<Long, List<String>> passed = new HashMap<>();
    timed(
            test(predicate, ids, walk.ofIssues()),
            query ->
                bindings
                    .to(query)
                    .map((row, context) -> Map.entry(row.getLong("id"), row.getString("issue_key")))
                    .list())
        .forEach(
            row ->
                passed.computeIfAbsent(row.getKey(), id -> new ArrayList<>()).add(row.getValue()));
    passed.values().forEach(issues -> issues.sort(null));
    return passed;
  }

  /** H2 keeps a statement's timeout for whatever its connection is used for next. */
  private static void endTimeout(Handle handle) {
    try (Statement next = handle.getConnection().createStatement()) {
      next.setQueryTimeout(0);
    } catch (SQLException e) {
      // The connection is broken, and the pool will not give it out again.
    }
  }

  /** Asks within the time a statement may take. */
  private <T> T timed(String sql, java.util.function.Function<Query, T> asked) {
    try {
      return database.read(
          handle -> {
            Query query = handle.createQuery(sql);
            query
                .getConfig(SqlStatements.class)
                .setQueryTimeout(STATEMENT_SECONDS)
                .setSqlParser(PARSER)
                .setTemplateCache(DefaultJdbiCacheBuilder.builder().maxSize(1));
            try {
              return asked.apply(query);
            } finally {
              endTimeout(handle);
            }
          });
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sqlFault && "57014".equals(sqlFault.getSQLState())) {
          throw new QueryTimeout(STATEMENT_SECONDS, e);
        }
      }
      throw e;
    }
  }
}
