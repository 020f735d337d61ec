package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.Facets.Environment;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is read by pipeline and environment, on both databases, and that no table is walked. */
final class HistoryTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  private static Credential credential(Database database, String name) {
    return Samples.credential(database, name, Set.of(), null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A deployment that changed at its number, unless it says otherwise. */
  private static Received deployment(
      String pipeline, Environment environment, long number, String state, long updated) {
    return received(
        "deployments",
        new Facets(pipeline, "The " + pipeline, environment, number, state),
        updated);
  }

  private static Received received(String kind, Facets facets, long updated, String... keys) {
    Environment environment = facets.environment();
    String identity =
        facets.pipeline()
            + (environment == null ? "" : "@" + environment.id())
            + "#"
            + facets.number();
    return new Received(
        kind,
        null,
        bytes(identity),
        updated,
        updated,
        bytes(identity + " " + facets.state()),
        keys.length == 0 ? Set.of("ABC-" + facets.number()) : Set.of(keys),
        List.of(),
        facets);
  }

  private static Environment environment(String id, String type) {
    return new Environment(id, id.toUpperCase(Locale.ROOT), type);
  }

  private static List<String> texts(List<Item> items) {
    return items.stream()
        .map(item -> new String(item.document(), StandardCharsets.UTF_8) + " " + item.sender())
        .toList();
  }

  private static long only(List<History.Environment> environments) {
    assertThat(environments).hasSize(1);
    return environments.get(0).ref();
  }

  @OnEachDatabase
  void currentWhenLaterOnesFailedOrComeLateThenTheHighestSuccessfulOfEachPipeline(
      Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    History history = new History(database);
    Credential ci = credential(database, "ci");
    Environment production = environment("prod", "production");
    store.write(
        ci.id(),
        List.of(
            deployment("shop", production, 1, "successful", 100),
            deployment("shop", production, 2, "successful", 200),
            deployment("shop", production, 3, "failed", 300),
            deployment("mail", production, 7, "successful", 150),
            deployment("cron", production, 1, "failed", 160)),
        NOW);
    long prod = only(history.environmentsNamed("Prod", 10));

    assertThat(texts(history.current(List.of(prod), 10)))
        .containsExactly("shop@prod#2 successful ci", "mail@prod#7 successful ci");
    assertThat(texts(history.latest(List.of(prod)))).containsExactly("shop@prod#3 failed ci");
    assertThat(texts(history.latestOfProject("ABC", List.of(prod), true)))
        .containsExactly("shop@prod#2 successful ci");
    assertThat(texts(history.latestOfProject("ABC", List.of(prod), false)))
        .containsExactly("shop@prod#3 failed ci");
    assertThat(history.latestOfProject("DEF", List.of(prod), true)).isEmpty();

    store.write(ci.id(), List.of(deployment("shop", production, 2, "rolled_back", 400)), NOW);
    store.write(ci.id(), List.of(deployment("shop", production, 1, "successful", 500)), NOW);
    assertThat(texts(history.current(List.of(prod), 10)))
        .containsExactly("shop@prod#1 successful ci", "mail@prod#7 successful ci");

    store.delete(ci.id(), "deployments", bytes("shop@prod#1"), Long.MAX_VALUE, NOW);
    assertThat(texts(history.current(List.of(prod), 10)))
        .containsExactly("mail@prod#7 successful ci");
  }

  @OnEachDatabase
  void environmentsWhenDescribedAnewThenAsTheLatestDeploymentSays(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    History history = new History(database);
    Credential ci = credential(database, "ci");
    Credential other = credential(database, "other");
    store.write(
        ci.id(),
        List.of(deployment("shop", new Environment("e", "Old", "staging"), 1, "pending", 100)),
        NOW);
    store.write(
        ci.id(),
        List.of(deployment("shop", new Environment("e", "New", "production"), 2, "pending", 200)),
        NOW);
    store.write(
        ci.id(),
        List.of(deployment("shop", new Environment("e", "Late", "testing"), 3, "pending", 150)),
        NOW);
    store.write(
        other.id(),
        List.of(deployment("shop", new Environment("e", "Theirs", "staging"), 1, "failed", 1)),
        NOW);

    assertThat(history.environments("production", 0, 10))
        .extracting(History.Environment::name)
        .containsExactly("New");
    assertThat(history.environments("testing", 0, 10)).isEmpty();
    assertThat(history.environmentsNamed("E", 10))
        .extracting(History.Environment::sender)
        .containsExactlyInAnyOrder("ci", "other");
    assertThat(history.environmentsNamed("new", 10)).hasSize(1);
    assertThat(history.pipelines(0, 10)).hasSize(2);
    assertThat(history.pipelinesNamed("the shop", 10)).hasSize(2);
  }

  @OnEachDatabase
  void listsWhenPagedThenEachOnceTheLatestFirst(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    History history = new History(database);
    Credential ci = credential(database, "ci");
    List<Received> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      // Pairs that changed at the same time.
      all.add(received("builds", new Facets("shop", null, null, i, "failed"), i / 2));
    }
    Environment test = environment("test", "testing");
    for (int i = 0; i < 10; i++) {
      all.add(deployment(i % 2 == 0 ? "shop" : "mail", test, i, "failed", i / 2));
    }
    store.write(ci.id(), all, NOW);

    long shop = history.pipelinesNamed("shop", 10).get(0).ref();
    long env = only(history.environmentsNamed("test", 10));
    List<Long> builds = new ArrayList<>();
    List<Long> deployments = new ArrayList<>();
    History.@Nullable Position after = null;
    do {
      List<Item> page = history.builds(shop, after, 3);
      page.forEach(item -> builds.add(item.number()));
      after = page.size() < 3 ? null : page.get(2).position();
    } while (after != null);
    do {
      List<Item> page = history.deployments(env, after, 5);
      page.forEach(item -> deployments.add(item.number()));
      after = page.size() < 5 ? null : page.get(4).position();
    } while (after != null);
    assertThat(builds).containsExactly(9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L);
    assertThat(deployments).containsExactly(9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L, 0L);
  }

  @OnEachDatabase
  void pipelinesWhenTheServerTriesItselfThenItsOwnIsNotAmongThem(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    History history = new History(database);
    Credential own = credential(database, Credential.OWN_NAME);

    store.write(
        own.id(), List.of(received("builds", new Facets("p", null, null, 1, "failed"), 1)), NOW);

    assertThat(history.pipelines(0, 10)).isEmpty();
    assertThat(history.pipelinesNamed("p", 10)).isEmpty();
  }

  @OnEachDatabase
  void forgetUnusedWhenTheLastDeploymentIsDeletedThenItsEnvironmentGoes(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    JdbiCredentialStore credentials = new JdbiCredentialStore(database);
    History history = new History(database);
    Credential ci = credential(database, "ci");
    store.write(
        ci.id(),
        List.of(
            deployment("shop", environment("prod", "production"), 1, "failed", 1),
            deployment("shop", environment("test", "testing"), 1, "failed", 1)),
        NOW);
    store.delete(ci.id(), "deployments", bytes("shop@test#1"), Long.MAX_VALUE, NOW);

    assertThat(Places.forgetUnused(database)).isEqualTo(1);
    assertThat(history.environmentsNamed("test", 10)).isEmpty();
    assertThat(history.environmentsNamed("prod", 10)).hasSize(1);
    credentials.delete(ci.id(), true, NOW);
    assertThat(credentials.erase(NOW)).isEqualTo(1);
    assertThat(history.environmentsNamed("prod", 10)).isEmpty();
    assertThat(history.pipelines(0, 10)).isEmpty();
  }

  @OnEachDatabase
  void queriesWhenThereIsMuchThenNoneWalksATable(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    Credential ci = credential(database, "ci");
    fill(store, ci);
    database.execute(handle -> handle.execute("ANALYZE"));

    for (String query :
        List.of(
            Places.PIPELINES,
            Places.ENVIRONMENTS,
            Places.PAIRS,
            History.ENVIRONMENTS_OF_TYPE,
            History.ENVIRONMENTS_BY_ID,
            History.ENVIRONMENTS_BY_NAME,
            History.PIPELINES,
            History.PIPELINES_BY_ID,
            History.PIPELINES_BY_NAME,
            History.BUILDS,
            History.DEPLOYMENTS,
            History.BY_NUMBER,
            History.OF_ISSUE,
            History.PLACES_OF_ISSUE,
            History.ENVIRONMENT_BY_REF,
            History.PIPELINE_BY_REF,
            ProjectBoard.NEXT_NUMBER,
            ProjectBoard.CELLS,
            ProjectBoard.BUILD,
            ProjectBoard.ENVIRONMENTS,
            ProjectBoard.ENVIRONMENTS_BY_NUMBER,
            ProjectBoard.RECENT,
            History.LATEST,
            History.CURRENT,
            History.LATEST_OF_PROJECT)) {
      String plan =
          Plans.of(
              database,
              query,
              explained ->
                  explained
                      .bindList("names", List.of("e1", "e2"))
                      .bindList("environments", List.of(1L, 2L))
                      .bindList("pipelines", List.of(1L, 2L))
                      .bindList("entities", List.of(1L, 2L))
                      .bind("key", "ABC-7")
                      .bind("number", 7L)
                      .bind("before", 1_000L)
                      .bind("seen", 200)
                      .bind("name", "e1")
                      .bind("type", "production")
                      .bind("credential", ci.id())
                      .bind("kind", "builds")
                      .bind("project", "ABC")
                      .bind("deployed", true)
                      .bind("ref", 1L)
                      .bind("updated", 1_000_000L)
                      .bind("id", 5L)
                      .bind("after", 10L)
                      .bind("limit", 10));
      Plans.assertNoneWalksATable(database, plan);
      if (List.of(History.BUILDS, History.DEPLOYMENTS, ProjectBoard.RECENT).contains(query)) {
        assertThat(plan.toLowerCase(Locale.ROOT))
            .as(plan)
            .containsPattern("index sorted|limit[^\\n]*\\n *->  index (only )?scan using");
      }
    }
  }

  /** One that comes again and again, and many that are rare. */
  private static int some(int number) {
    return number % 2 == 0 ? 0 : number % 1999;
  }

  private static void fill(JdbiEntityStore store, Credential ci) {
    for (int bulk = 0; bulk < 4; bulk++) {
      List<Received> many = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int number = bulk * 1000 + i;
        many.add(
            received(
                "builds", new Facets("p" + some(number), null, null, number, "failed"), number));
      }
      for (int i = 0; i < 1000; i++) {
        int number = bulk * 1000 + i;
        many.add(
            deployment(
                "p" + some(number),
                environment("e" + some(number), number % 10 == 0 ? "production" : "testing"),
                number,
                number % 3 == 0 ? "failed" : "successful",
                number));
      }
      store.write(ci.id(), many, NOW);
    }
  }
}
