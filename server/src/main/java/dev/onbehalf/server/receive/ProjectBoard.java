package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.server.receive.History.Environment;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The issues of a project against the environments they are deployed to. Every question is answered
 * by an index: for each issue and environment one look, however much was deployed.
 */
public final class ProjectBoard {
  static final String NEXT_NUMBER =
      "SELECT i.issue_number FROM received_issue i WHERE i.project = :project"
          + " AND i.issue_number < :before ORDER BY i.project DESC, i.issue_number DESC LIMIT 1";
  static final String CELLS =
      "SELECT v.id AS environment, "
          + latest(true)
          + " AS there, "
          + latest(false)
          + " AS other FROM received_environment v WHERE v.id IN (<environments>)";
  static final String BUILD =
      "SELECT i.entity_id FROM received_issue i WHERE i.project = :project"
          + " AND i.issue_number = :number AND i.kind = :kind"
          + " ORDER BY i.project, i.issue_number, i.kind, i.updated_ms DESC, i.entity_id DESC LIMIT 1";
  static final String ENVIRONMENTS =
      "SELECT v.id, v.environment_id, v.name, v.type, v.described_ms, c.name AS sender FROM"
          + " (SELECT * FROM received_environment WHERE type = :type ORDER BY type, id DESC"
          + " LIMIT :seen) v JOIN receive_credential c ON c.id = v.credential_id WHERE EXISTS"
          + " (SELECT 1 FROM received_issue i WHERE i.environment_ref = v.id"
          + " AND i.deployed_project = :project) ORDER BY v.id LIMIT :limit";

  static final String RECENT =
      "SELECT i.environment_ref FROM received_issue i WHERE i.project = :project"
          + " AND i.kind = :kind ORDER BY i.project, i.kind, i.updated_ms DESC,"
          + " i.entity_id DESC LIMIT :seen";
  static final String ENVIRONMENTS_BY_NUMBER =
      "SELECT v.id, v.environment_id, v.name, v.type, v.described_ms, c.name AS sender FROM"
          + " received_environment v JOIN receive_credential c ON c.id = v.credential_id"
          + " WHERE v.id IN (<environments>)";

  private static final int ENVIRONMENTS_SEEN = 200;
  private static final int DEPLOYMENTS_SEEN = 500;

  private final Database database;
  private final History history;

  public ProjectBoard(Database database, History history) {
    this.database = database;
    this.history = history;
  }

  private static String latest(boolean deployed) {
    return "(SELECT i.entity_id FROM received_issue i WHERE i.deployed_key = :key"
        + " AND i.environment_ref = v.id AND i.deployed = "
        + (deployed ? "TRUE" : "FALSE")
        + " ORDER BY i.deployed_key, i.environment_ref, i.deployed, i.updated_ms DESC,"
        + " i.entity_id DESC LIMIT 1)";
  }

  /**
   * An issue.
   *
   * @param number its number in the project
   * @param build its latest build; null for none
   * @param cells by our number of the environment; environments it never went to are absent
   */
  public record Row(long number, @Nullable Item build, Map<Long, Cell> cells) {
    public Row {
      cells = Map.copyOf(cells);
    }
  }

  /**
   * An issue on an environment.
   *
   * @param there the latest successful deployment of the issue; null for none
   * @param latest the latest deployment of the issue, whatever became of it
   */
  public record Cell(@Nullable Item there, Item latest) {}

  /**
   * Returns environments of a type that something of a project was deployed to, among the newest of
   * that type.
   */
  public List<Environment> environments(String project, String type, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(ENVIRONMENTS)
                .bind("project", project)
                .bind("type", type)
                .bind("seen", ENVIRONMENTS_SEEN)
                .bind("limit", limit)
                .map((row, context) -> History.environment(row))
                .list());
  }

  /**
   * Returns the environments of the latest deployments with an issue of a project, in no order:
   * however many environments others report for their projects, these are found.
   */
  public List<Environment> recent(String project) {
    List<Long> recent =
        database.read(
            handle ->
                handle
                    .createQuery(RECENT)
                    .bind("project", project)
                    .bind("kind", DataType.DEPLOYMENTS.name())
                    .bind("seen", DEPLOYMENTS_SEEN)
                    .map(
                        (row, context) ->
                            Optional.ofNullable(row.getObject("environment_ref", Long.class)))
                    .stream()
                    .flatMap(Optional::stream)
                    .distinct()
                    .limit(ENVIRONMENTS_SEEN)
                    .toList());
    return recent.isEmpty()
        ? List.of()
        : database.read(
            handle ->
                handle
                    .createQuery(ENVIRONMENTS_BY_NUMBER)
                    .bindList("environments", recent)
                    .map((row, context) -> History.environment(row))
                    .list());
  }

  /** Returns the numbers of issues of a project for which anything came, the highest first. */
  public List<Long> issues(String project, long before, int limit) {
    return database.read(
        handle -> {
          List<Long> numbers = new ArrayList<>();
          long last = before;
          while (numbers.size() < limit) {
            OptionalLong next = next(handle, project, last);
            if (next.isEmpty()) {
              break;
            }
            last = next.getAsLong();
            numbers.add(last);
          }
          return numbers;
        });
  }

  private static OptionalLong next(Handle handle, String project, long before) {
    Optional<Long> found =
        handle
            .createQuery(NEXT_NUMBER)
            .bind("project", project)
            .bind("before", before)
            .mapTo(Long.class)
            .findOne();
    return found.isPresent() ? OptionalLong.of(found.get()) : OptionalLong.empty();
  }

  private record Spot(long environment, @Nullable Long there, @Nullable Long other) {}

  private record Found(@Nullable Long build, List<Spot> spots) {}

  /** Returns these issues of a project, in their order. */
  public List<Row> rows(String project, List<Long> numbers, Collection<Long> environments) {
    Map<Long, Found> found = new TreeMap<>();
    Set<Long> entities = new HashSet<>();
    database.execute(
        handle -> {
          for (long number : numbers) {
            Found issue = found(handle, project, number, environments);
            found.put(number, issue);
            add(entities, issue.build());
            for (Spot spot : issue.spots()) {
              add(entities, spot.there());
              add(entities, spot.other());
            }
          }
        });
    Map<Long, Item> items = new HashMap<>();
    history.items(entities).forEach(item -> items.put(item.entity(), item));
    List<Row> rows = new ArrayList<>();
    for (long number : numbers) {
      Found issue = found.get(number);
      if (issue != null) {
        rows.add(new Row(number, get(items, issue.build()), cells(items, issue.spots())));
      }
    }
    return rows;
  }

  private static void add(Set<Long> entities, @Nullable Long entity) {
    if (entity != null) {
      entities.add(entity);
    }
  }

  private static @Nullable Item get(Map<Long, Item> items, @Nullable Long entity) {
    return entity == null ? null : items.get(entity);
  }

  private static Map<Long, Cell> cells(Map<Long, Item> items, List<Spot> spots) {
    Map<Long, Cell> cells = new HashMap<>();
    for (Spot spot : spots) {
      Item there = get(items, spot.there());
      Item other = get(items, spot.other());
      Item latest =
          there == null || (other != null && other.updated().isAfter(there.updated()))
              ? other
              : there;
      if (latest != null) {
        cells.put(spot.environment(), new Cell(there, latest));
      }
    }
    return cells;
  }

  private static Found found(
      Handle handle, String project, long number, Collection<Long> environments) {
    Optional<Long> build =
        handle
            .createQuery(BUILD)
            .bind("project", project)
            .bind("number", number)
            .bind("kind", DataType.BUILDS.name())
            .mapTo(Long.class)
            .findOne();
    List<Spot> spots =
        environments.isEmpty()
            ? List.of()
            : handle
                .createQuery(CELLS)
                .bind("key", project + "-" + number)
                .bindList("environments", List.copyOf(environments))
                .map(
                    (row, context) ->
                        new Spot(
                            row.getLong("environment"),
                            row.getObject("there", Long.class),
                            row.getObject("other", Long.class)))
                .list();
    return new Found(build.orElse(null), spots);
  }
}
