package dev.onbehalf.server.receive.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.Plans;
import dev.onbehalf.server.receive.Samples;
import dev.onbehalf.server.receive.Samples.Sample;
import dev.onbehalf.server.receive.query.Branch.Access;
import dev.onbehalf.server.receive.query.QueryResult.Row;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What queries find, on both databases, held against a reading of everything there is. */
final class QueriesTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final List<String> PIPELINES = List.of("shop", "mail", "cron");
  private static final List<String> ENVIRONMENTS = List.of("eu-prod", "us-prod", "stage", "test");
  private static final List<String> TYPES = List.of("production", "staging", "testing");
  private static final List<String> STATES =
      List.of("successful", "successful", "failed", "pending", "unknown");

  private static Queries queries(Database database) {
    return new Queries(database, Samples.everyIssue(), InstantSource.fixed(NOW));
  }

  private static String name(Sample sample) {
    return sample.sender()
        + " "
        + sample.pipeline()
        + "@"
        + sample.environment()
        + "#"
        + sample.number();
  }

  private static List<String> names(List<Row> rows) {
    return rows.stream().map(row -> row.sender() + " " + row.displayName()).toList();
  }

  /** All pages of a query, each of three rows. */
  private static List<String> paged(Queries queries, String text) {
    List<String> all = new ArrayList<>();
    String after = null;
    do {
      QueryResult page = queries.run(text, false, 3, after);
      all.addAll(names(page.rows()));
      after = page.next();
    } while (after != null);
    return all;
  }

  /** The issues of all pages of a query, each of three rows. */
  private static List<String> pagedIssues(Queries queries, String text) {
    List<String> all = new ArrayList<>();
    String after = null;
    do {
      QueryResult page = queries.run(text, true, 3, after);
      assertThat(page.rows()).hasSizeLessThanOrEqualTo(3);
      page.rows().forEach(row -> all.add(Objects.requireNonNull(row.issue())));
      after = page.next();
    } while (after != null);
    return all;
  }

  @OnEachDatabase
  void runWhenRandomQueriesThenAsTheReferenceSays(Database database) {
    Random random = new Random(20260105);
    List<Sample> all = fill(new Samples(database), random);
    Reference reference = new Reference(all);
    Queries queries = queries(database);

    for (int i = 0; i < 120; i++) {
      String order = random.nextBoolean() ? " ORDER BY updated ASC" : "";
      String text = condition(random, 3) + order;
      Condition condition = QueryParser.parse(text, NOW).condition();
      Comparator<Sample> byTime = Comparator.comparingLong(Sample::updated);
      List<String> expected =
          reference.run(condition).stream()
              .sorted(order.isEmpty() ? byTime.reversed() : byTime)
              .map(QueriesTest::name)
              .toList();

      assertThat(
              i % 5 == 0
                  ? paged(queries, text)
                  : names(queries.run(text, false, 1000, null).rows()))
          .as(text)
          .containsExactlyElementsOf(expected);
      List<Row> issues = queries.run(text, true, 1000, null).rows();
      assertThat(issues)
          .as(text)
          .extracting(Row::issue)
          .containsExactlyInAnyOrderElementsOf(reference.issues(condition));
      if (i % 3 == 0) {
        assertThat(pagedIssues(queries, text))
            .as(text)
            .containsExactlyElementsOf(issues.stream().map(Row::issue).toList());
      }
    }
  }

  @OnEachDatabase
  void runWhenOneDeploymentHasMoreIssuesThanAPageThenEachIssueComesOnce(Database database) {
    Samples samples = new Samples(database);
    Set<String> issues = new TreeSet<>();
    IntStream.range(10, 40).forEach(i -> issues.add("ABC-" + i));
    List<Sample> all = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      all.add(
          new Sample(
              "ci", "shop", "eu-prod", "production", i, "successful", i == 3 ? 2 : i, issues));
    }
    samples.write(samples.sender("ci"), all);
    samples.write(
        samples.sender("cd"),
        List.of(deployment("mail", "stage", "staging", 9, "successful", "ABC-12")));

    for (String order : List.of("", " ORDER BY updated ASC")) {
      assertThat(pagedIssues(queries(database), order))
          .as(order)
          .hasSize(30)
          .containsExactlyInAnyOrderElementsOf(issues);
    }
  }

  private static List<Sample> fill(Samples samples, Random random) {
    List<Sample> all = new ArrayList<>();
    List<Long> times = new ArrayList<>(IntStream.range(0, 400).mapToObj(i -> 1000L * i).toList());
    java.util.Collections.shuffle(times, random);
    for (String sender : List.of("ci", "cd")) {
      long id = samples.sender(sender);
      Set<String> identities = new HashSet<>();
      List<Sample> own = new ArrayList<>();
      while (own.size() < 90) {
        boolean build = random.nextInt(3) == 0;
        Set<String> issues = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          issues.add((random.nextBoolean() ? "ABC-" : "DEF-") + (1 + random.nextInt(6)));
        }
        Sample sample =
            new Sample(
                sender,
                one(random, PIPELINES),
                build ? null : one(random, ENVIRONMENTS),
                build ? null : one(random, TYPES),
                random.nextInt(15),
                one(random, STATES),
                times.get(all.size() + own.size()),
                issues);
        if (identities.add(name(sample))) {
          own.add(sample);
        }
      }
      samples.write(id, own);
      all.addAll(own);
    }
    return all;
  }

  private static <T> T one(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String condition(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(8);
    return switch (kind) {
      case 5 -> "(" + condition(random, depth - 1) + " OR " + condition(random, depth - 1) + ")";
      case 6, 7 -> condition(random, depth - 1) + " AND " + condition(random, depth - 1);
      case 4 -> "NOT (" + condition(random, depth - 1) + ")";
      default -> comparison(random);
    };
  }

  private static String comparison(Random random) {
    String equals = random.nextInt(3) == 0 ? " != " : " = ";
    String in = random.nextInt(3) == 0 ? " NOT IN " : " IN ";
    String order = one(random, List.of(" > ", " >= ", " < ", " <= "));
    return switch (random.nextInt(17)) {
      case 0 -> "kind" + equals + one(random, List.of("build", "deployment"));
      case 1 -> "state" + equals + one(random, STATES);
      case 2 -> "state" + in + "(failed, pending)";
      case 3 -> "pipeline" + equals + one(random, List.of("shop", "'The Mail'", "none"));
      case 4 -> "environment" + equals + one(random, ENVIRONMENTS);
      case 5 -> "environment" + in + "(EU-PROD, stage)";
      case 6 -> "environmentType" + equals + one(random, TYPES);
      case 7 -> "issue" + equals + "ABC-" + (1 + random.nextInt(6));
      case 8 -> "issue" + in + "(ABC-1, def-2, DEF-3)";
      case 9 -> "project" + equals + one(random, List.of("ABC", "DEF", "XYZ"));
      case 10 -> "updated" + order + "'1970-01-01 00:0" + random.nextInt(7) + "'";
      case 11 -> "number" + order + random.nextInt(15);
      case 12 -> "buildNumber" + equals + random.nextInt(15);
      case 13 -> "sender" + equals + one(random, List.of("ci", "cd", "none"));
      case 14 -> "current" + equals + one(random, List.of("true", "false"));
      case 15 ->
          one(random, List.of("pipeline ~ 'HO'", "environment ~ prod", "pipeline ~ 'the m'"));
      default ->
          "issue"
              + in
              + one(
                  random,
                  List.of(
                      "deployedTo(eu-prod)",
                      "deployedTo(stage, 'US-PROD')",
                      "deployedToType(production)",
                      "currentlyOn(eu-prod)",
                      "currentlyOn(nowhere)",
                      "currentlyOnType(staging, testing)"));
    };
  }

  @OnEachDatabase
  void runWhenWhatIsOnProductionThenEachPipelinesLatestSuccess(Database database) {
    Samples samples = new Samples(database);
    samples.write(
        samples.sender("ci"),
        List.of(
            deployment("shop", "stage", "staging", 1, "successful", "ABC-1"),
            deployment("shop", "stage", "staging", 2, "successful", "ABC-2"),
            deployment("shop", "eu-prod", "production", 1, "successful", "ABC-1"),
            deployment("shop", "eu-prod", "production", 2, "failed", "ABC-2"),
            deployment("mail", "eu-prod", "production", 9, "successful", "ABC-1")));
    Queries queries = queries(database);

    assertThat(
            names(
                queries
                    .run("environmentType = production AND current = true", false, 9, null)
                    .rows()))
        .containsExactly("ci mail@eu-prod#9", "ci shop@eu-prod#1");
    QueryResult waiting =
        queries.run(
            "issue IN deployedToType(staging) AND issue NOT IN deployedTo('EU-PROD')",
            true,
            9,
            null);
    assertThat(waiting.rows()).extracting(Row::issue).containsExactly("ABC-2");
    assertThat(waiting.complete()).isTrue();
  }

  private static Sample deployment(
      String pipeline, String environment, String type, long number, String state, String issue) {
    return new Sample("ci", pipeline, environment, type, number, state, number, Set.of(issue));
  }

  @OnEachDatabase
  void runWhenNameIsUnknownThenNothingAndANoteWithTheNearest(Database database) {
    Samples samples = new Samples(database);
    samples.write(
        samples.sender("ci"),
        List.of(deployment("shop", "eu-prod", "production", 1, "successful", "ABC-1")));

    QueryResult result =
        queries(database).run("environment = eu-prd OR pipeline = shp", false, 9, null);

    assertThat(result.rows()).isEmpty();
    assertThat(result.notes())
        .containsExactly(
            "No environment is called 'eu-prd'. Did you mean EU-PROD?",
            "No pipeline is called 'shp'. Did you mean shop?");
  }

  @OnEachDatabase
  void runWhenManyNamesAreUnknownThenAFewNotes(Database database) {
    new Samples(database).sender("ci");
    String names =
        IntStream.range(0, 150).mapToObj(i -> "none-" + i).collect(Collectors.joining(", "));

    assertThat(queries(database).run("environment IN (" + names + ")", false, 10, null).notes())
        .hasSize(6)
        .last()
        .isEqualTo("Nor is any called as 145 more of those.");
  }

  @OnEachDatabase
  void runWhenDoneThenTheConnectionsNextStatementsHaveTheirTime(Database database)
      throws SQLException {
    new Samples(database).sender("ci");
    queries(database).run("state = failed", false, 10, null);

    int seconds =
        database.read(
            handle -> {
              try (Statement next = handle.getConnection().createStatement()) {
                return next.getQueryTimeout();
              }
            });

    assertThat(seconds).isZero();
  }

  @OnEachDatabase
  void runWhenTheServerTriesItselfThenItsOwnIsNotFound(Database database) {
    Samples samples = new Samples(database);
    samples.write(
        samples.sender(Credential.OWN_NAME),
        List.of(deployment("shop", "eu-prod", "production", 1, "successful", "ABC-1")));

    assertThat(queries(database).run("", false, 9, null).rows()).isEmpty();
    assertThat(queries(database).run("current = true", true, 9, null).rows()).isEmpty();
  }

  @OnEachDatabase
  void runWhenMoreThanIsLookedAtThenSaysSoAndGoesOn(Database database) {
    Samples samples = new Samples(database);
    long sender = samples.sender("ci");
    List<Sample> many = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      many.add(deployment("p" + i % 7, "e" + i % 5, "testing", i, "successful", "ABC-1"));
    }
    samples.write(sender, many);
    Queries queries = queries(database);

    assertThat(paged(queries, "number < 4 AND state = successful"))
        .containsExactly("ci p3@e3#3", "ci p2@e2#2", "ci p1@e1#1", "ci p0@e0#0");
    assertThat(queries.run("state = successful", true, 9, null).rows()).hasSize(1);
    assertThatThrownBy(() -> queries.run("", false, 9, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'after' must be");
    assertThatThrownBy(() -> queries.run("", false, 0, null)).hasMessageContaining("1 to 1000");
  }

  @OnEachDatabase
  void completionsWhenAskedThenWhatCanStandThere(Database database) {
    Samples samples = new Samples(database);
    samples.write(
        samples.sender("ci"),
        List.of(deployment("shop", "eu prod", "production", 1, "successful", "ABC-1")));
    Queries queries = queries(database);

    assertThat(words(queries, "")).contains("kind", "environment", "NOT", "ORDER");
    assertThat(words(queries, "st")).containsExactly("state");
    assertThat(words(queries, "state ")).containsExactly("=", "!=", "IN", "NOT IN");
    assertThat(words(queries, "state = fa")).containsExactly("failed");
    assertThat(words(queries, "state = failed ")).containsExactly("AND", "OR", "ORDER");
    assertThat(words(queries, "environment = ")).containsExactly("\"EU PROD\"");
    assertThat(words(queries, "environment = \"EU p")).containsExactly("\"EU PROD\"");
    assertThat(words(queries, "pipeline IN (s")).containsExactly("shop", "\"The shop\"");
    assertThat(words(queries, "issue IN dep")).containsExactly("deployedTo", "deployedToType");
    assertThat(words(queries, "issue IN deployedToType(pro")).containsExactly("production");
    assertThat(words(queries, "stat = failed ")).isEmpty();
    Completion completion = queries.completions("state = fa AND kind = build", 10).get(0);
    assertThat(completion.applied("state = fa AND kind = build"))
        .isEqualTo("state = failed AND kind = build");
  }

  private static List<String> words(Queries queries, String text) {
    return queries.completions(text, text.length()).stream().map(Completion::word).toList();
  }

  @OnEachDatabase
  void queriesWhenThereIsMuchThenNoneWalksATable(Database database) {
    Samples samples = new Samples(database);
    long sender = samples.sender("ci");
    for (int bulk = 0; bulk < 6; bulk++) {
      List<Sample> many = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int n = bulk * 1000 + i;
        boolean build = n % 2 == 0;
        many.add(
            new Sample(
                "ci",
                "p" + n % 1501,
                build ? null : "e" + n % 1499,
                build ? null : TYPES.get(n % 3),
                n,
                STATES.get(n % 5),
                n,
                Set.of("ABC-" + n % 4000, "P" + n % 400 + "-1")));
      }
      samples.write(sender, many);
    }
    database.execute(handle -> handle.execute("ANALYZE"));

    for (List<Branch> way :
        List.of(
            List.of(new Branch(Access.STATE, List.of("builds", "failed"))),
            List.of(
                new Branch(Access.STATE, List.of("builds", "failed")),
                new Branch(Access.STATE, List.of("deployments", "failed"))),
            List.of(new Branch(Access.ISSUE, List.of("ABC", 7L, "builds"))),
            List.of(new Branch(Access.PROJECT, List.of("P7", "builds"))),
            List.of(new Branch(Access.PIPELINE, List.of(7L, "builds"))),
            List.of(new Branch(Access.ENVIRONMENT, List.of(7L))),
            List.of(new Branch(Access.SENDER, List.of(sender))))) {
      for (boolean ascending : List.of(false, true)) {
        Bindings bindings = new Bindings();
        String plan =
            assertNoWalk(database, QueryRunner.candidates(way, bindings, ascending), bindings);
        if (database.dialect() == Database.Dialect.H2) {
          assertThat(plan).as(ascending + " " + way).contains("index sorted");
        }
      }
    }
    assertWhatIsOnProductionIsReachedByIndexes(database);
    for (String text :
        List.of(
            "environmentType = production AND state = failed AND updated > -7d",
            "issue = ABC-7 OR project != ABC",
            "pipeline = p7 AND environment != e8 AND sender = ci",
            "current = true",
            "environmentType = production AND current = true",
            "issue IN deployedTo(e7) AND issue NOT IN deployedToType(production)",
            "issue IN currentlyOn(e7) AND issue NOT IN currentlyOnType(staging)")) {
      for (boolean ofIssues : List.of(false, true)) {
        Bindings bindings = new Bindings();
        Condition condition = Objects.requireNonNull(QueryParser.parse(text, NOW).condition());
        Names names = new Names(database);
        String predicate =
            new Predicate(
                    bindings, new Resolver(names).resolve(condition, new ArrayList<>()), ofIssues)
                .of(condition);
        String ids = bindings.list(IntStream.range(1, 40).mapToObj(Long::valueOf).toList());
        assertNoWalk(database, QueryRunner.test(predicate, ids, ofIssues), bindings);
        if (ofIssues) {
          for (boolean ascending : List.of(false, true)) {
            Bindings repeated = new Bindings();
            String again =
                new Predicate(
                        repeated,
                        new Resolver(names).resolve(condition, new ArrayList<>()),
                        ofIssues)
                    .of(condition);
            List<String> keys = List.of("ABC-7", "ABC-8", "P9-1");
            assertNoWalk(
                database, Repeats.sql(repeated, keys, again, ascending, ascending), repeated);
          }
        }
        if (ofIssues && condition.ofIssuesAlone()) {
          Bindings alone = new Bindings();
          Predicate.Resolved resolved = new Resolver(names).resolve(condition, new ArrayList<>());
          String issues = new Predicate(alone, resolved, true).of(condition);
          List<String> keys = List.of("ABC-7", "P3-1");
          assertNoWalk(database, JudgedIssues.sql(alone, keys, issues), alone);
        }
      }
    }
    for (String sql :
        List.of(
            Names.ENVIRONMENTS,
            Names.PIPELINES,
            Names.LISTED_ENVIRONMENTS,
            Names.LISTED_PIPELINES,
            Rows.ENTITIES,
            Rows.ISSUES)) {
      assertNoWalk(database, sql, null);
    }
  }

  /** Every way there is, not only the one that is chosen with so much data. */
  private static void assertWhatIsOnProductionIsReachedByIndexes(Database database) {
    Condition condition =
        Objects.requireNonNull(
            QueryParser.parse("environmentType = production AND current = true", NOW).condition());
    List<List<Branch>> ways =
        Candidates.ways(new Names(database), Candidates.conjuncts(condition), false);
    assertThat(ways.stream().flatMap(List::stream).map(Branch::access))
        .contains(Access.CURRENT, Access.STATE);
    for (List<Branch> way : ways) {
      Bindings bindings = new Bindings();
      String sql = QueryRunner.candidates(way, bindings, false);
      String plan =
          Plans.of(
              database,
              sql,
              query ->
                  bindings.to(
                      query
                          .bind("from", 10L)
                          .bind("to", 5_000L)
                          .bind("edge", 5_000L)
                          .bind("entity", 77L)
                          .bind("batch", 20)));
      // Which pipelines deploy where is read whole: it does not grow with what is received.
      Plans.assertNoneWalksATable(
          database,
          plan.replaceAll("Seq Scan on received_place o", "Places")
              .replaceAll("(?i)\"PUBLIC\"\\.\"RECEIVED_PLACE\" \"O\"\\s+/\\*[^*]*\\*/", "Places"));
    }
  }

  private static String assertNoWalk(Database database, String sql, @Nullable Bindings bindings) {
    String plan =
        Plans.of(
            database,
            sql,
            query -> {
              query
                  .bindList("names", List.of("e1", "e2"))
                  .bindList("ids", List.of(1L, 2L, 3L))
                  .bind("limit", 10)
                  .bind("from", 10L)
                  .bind("to", 5_000L)
                  .bind("edge", 5_000L)
                  .bind("entity", 77L)
                  .bind("batch", 20);
              return bindings == null ? query : bindings.to(query);
            });
    // The names beside the candidates are read whole where there are few.
    Plans.assertNoneWalksATable(
        database, plan.replaceAll("Seq Scan on received_(pipeline p|environment [vx])", "Names"));
    return plan;
  }
}
