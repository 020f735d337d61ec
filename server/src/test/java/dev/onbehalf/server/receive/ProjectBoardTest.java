package dev.onbehalf.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.Facets.Environment;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.receive.ProjectBoard.Cell;
import dev.onbehalf.server.receive.ProjectBoard.Row;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The board of a project, on both databases. */
final class ProjectBoardTest {
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
  private static final Environment PROD = new Environment("prod", "Production", "production");
  private static final Environment TEST = new Environment("test", "Test", "testing");

  private static ProjectBoard filled(Database database) {
    JdbiEntityStore store = new JdbiEntityStore(database);
    store.write(
        new Samples(database).sender("ci"),
        List.of(
            received("builds", null, 1, "failed", 10, "ABC-2"),
            received("builds", null, 2, "successful", 20, "ABC-2", "ABC-100"),
            received("deployments", PROD, 1, "successful", 30, "ABC-2", "XY-1"),
            received("deployments", PROD, 2, "failed", 40, "ABC-2", "ABC-11"),
            received("deployments", TEST, 1, "failed", 15, "ABC-2"),
            received("deployments", TEST, 2, "successful", 50, "ABC-2"),
            received("deployments", new Environment("d", "D", "testing"), 1, "failed", 9, "XY-1")),
        NOW);
    return new ProjectBoard(database, new History(database));
  }

  private static Received received(
      String kind, @Nullable Environment at, long number, String state, long age, String... keys) {
    String identity = kind + (at == null ? "" : "@" + at.id()) + "#" + number;
    byte[] bytes = identity.getBytes(StandardCharsets.UTF_8);
    return new Received(
        kind,
        null,
        bytes,
        age,
        age,
        bytes,
        Set.of(keys),
        List.of(),
        new Facets("app", null, at, number, state));
  }

  private static String text(@Nullable Item item) {
    return item == null ? "none" : new String(item.document(), StandardCharsets.UTF_8);
  }

  @OnEachDatabase
  void issuesWhenPagedThenByNumberAndEachOnce(Database database) {
    ProjectBoard board = filled(database);

    assertThat(board.issues("ABC", Long.MAX_VALUE, 10)).containsExactly(100L, 11L, 2L);
    assertThat(board.issues("ABC", 100, 1)).containsExactly(11L);
    assertThat(board.issues("ABC", 2, 10)).isEmpty();
    assertThat(board.issues("AB", Long.MAX_VALUE, 10)).isEmpty();
  }

  @OnEachDatabase
  void environmentsWhenOfAProjectThenThoseItsIssuesWentTo(Database database) {
    ProjectBoard board = filled(database);

    assertThat(board.environments("ABC", "testing", 10))
        .extracting(History.Environment::name)
        .containsExactly("Test");
    assertThat(board.environments("XY", "testing", 10)).hasSize(1);
    assertThat(board.environments("ABC", "production", 10)).hasSize(1);
    assertThat(board.environments("ABC", "staging", 10)).isEmpty();
  }

  @OnEachDatabase
  void rowsWhenAskedForThenTheLatestOfEachPlaceAndWhetherItIsThere(Database database) {
    ProjectBoard board = filled(database);
    List<Long> environments =
        Stream.of("production", "testing")
            .flatMap(type -> board.environments("ABC", type, 10).stream())
            .map(History.Environment::ref)
            .toList();

    List<String> shown = new ArrayList<>();
    for (Row row : board.rows("ABC", List.of(100L, 11L, 2L), environments)) {
      shown.add(row.number() + " " + text(row.build()));
      for (long environment : environments) {
        Cell cell = row.cells().get(environment);
        if (cell != null) {
          shown.add(text(cell.latest()) + " there " + text(cell.there()));
        }
      }
    }

    assertThat(shown)
        .containsExactly(
            "100 builds#2",
            "11 none",
            "deployments@prod#2 there none",
            "2 builds#2",
            "deployments@prod#2 there deployments@prod#1",
            "deployments@test#2 there deployments@test#2");
  }
}
