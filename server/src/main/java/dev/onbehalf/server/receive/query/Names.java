package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.store.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.Query;

/** Finds pipelines, environments and senders by what people call them, a bounded number. */
final class Names {
  /** How many of one name are found. */
  static final int MOST_OF_A_NAME = 200;

  /** How many are looked through for what somebody may have meant, and for completion. */
  static final int MOST_LISTED = 1_000;

  static final String ENVIRONMENTS =
      "SELECT id, folded_id, folded_name FROM received_environment"
          + " WHERE folded_id IN (<names>) UNION SELECT id, folded_id, folded_name"
          + " FROM received_environment WHERE folded_name IN (<names>) LIMIT :limit";
  static final String PIPELINES =
      "SELECT id, folded_id, folded_name FROM received_pipeline"
          + " WHERE folded_id IN (<names>) UNION SELECT id, folded_id, folded_name"
          + " FROM received_pipeline WHERE folded_name IN (<names>) LIMIT :limit";
  static final String ENVIRONMENTS_OF_TYPE =
      "SELECT id, folded_id, folded_name FROM received_environment WHERE type IN (<names>)"
          + " LIMIT :limit";
  static final String LISTED_ENVIRONMENTS =
      "SELECT environment_id AS id, name FROM received_environment ORDER BY id DESC LIMIT :limit";
  static final String LISTED_PIPELINES =
      "SELECT pipeline_id AS id, name FROM received_pipeline ORDER BY id DESC LIMIT :limit";

  static final String PLACES =
      "SELECT COUNT(*) FROM (SELECT environment_ref FROM received_place"
          + " ORDER BY environment_ref LIMIT :limit) o";

  private static final int FEW_PLACES = 3_000;

  private final Database database;

  Names(Database database) {
    this.database = database;
  }

  /**
   * What was found.
   *
   * @param ids our own numbers
   * @param unknown the names nothing has
   * @param complete whether there are no more
   */
  record Found(List<Long> ids, Set<String> unknown, boolean complete) {}

  private record Row(long id, String foldedId, String foldedName) {}

  Found environments(Collection<String> names) {
    return found(ENVIRONMENTS, names);
  }

  Found pipelines(Collection<String> names) {
    return found(PIPELINES, names);
  }

  Found environmentsOfType(Collection<String> types) {
    List<Row> rows = rows(ENVIRONMENTS_OF_TYPE, types);
    return new Found(ids(rows), Set.of(), rows.size() <= MOST_OF_A_NAME);
  }

  /** Senders are made by administrators, and few. */
  Found senders(Collection<String> names) {
    Set<String> unknown = new LinkedHashSet<>(names);
    List<Long> ids = new ArrayList<>();
    allSenders()
        .forEach(
            (id, name) -> {
              String folded = name.toLowerCase(Locale.ROOT);
              if (names.contains(folded)) {
                ids.add(id);
                unknown.remove(folded);
              }
            });
    return new Found(ids, unknown, true);
  }

  private Found found(String sql, Collection<String> names) {
    List<Row> rows = rows(sql, names);
    Set<String> unknown = new LinkedHashSet<>(names);
    rows.forEach(
        row -> {
          unknown.remove(row.foldedId());
          unknown.remove(row.foldedName());
        });
    boolean complete = rows.size() <= MOST_OF_A_NAME;
    return new Found(ids(rows), complete ? unknown : Set.of(), complete);
  }

  private static List<Long> ids(List<Row> rows) {
    return rows.stream().map(Row::id).limit(MOST_OF_A_NAME).toList();
  }

  private List<Row> rows(String sql, Collection<String> names) {
    return database.read(
        handle ->
            handle
                .createQuery(sql)
                .bindList("names", List.copyOf(names))
                .bind("limit", MOST_OF_A_NAME + 1)
                .map(
                    (row, context) ->
                        new Row(
                            row.getLong("id"),
                            row.getString("folded_id"),
                            row.getString("folded_name")))
                .list());
  }

  /** Whether few enough pipelines deploy somewhere to look at what is current in each place. */
  boolean fewPlaces() {
    return database.read(
            handle ->
                handle.createQuery(PLACES).bind("limit", FEW_PLACES + 1).mapTo(Integer.class).one())
        <= FEW_PLACES;
  }

  /** Returns the names of all senders but the server itself, which tries the site now and then. */
  Map<Long, String> allSenders() {
    Map<Long, String> senders = new TreeMap<>();
    database.read(
        handle ->
            handle
                .createQuery("SELECT id, name FROM receive_credential WHERE LOWER(name) <> :own")
                .bind("own", Credential.OWN_NAME)
                .map((row, context) -> senders.put(row.getLong("id"), row.getString("name")))
                .list()
                .size());
    return senders;
  }

  /** Returns ids and names of the environments that were seen last. */
  Set<String> listedEnvironments() {
    return listed(LISTED_ENVIRONMENTS);
  }

  /** Returns ids and names of the pipelines that were seen last. */
  Set<String> listedPipelines() {
    return listed(LISTED_PIPELINES);
  }

  private Set<String> listed(String sql) {
    return database.read(
        handle -> {
          Set<String> names = new TreeSet<>();
          Query query = handle.createQuery(sql).bind("limit", MOST_LISTED);
          query
              .map((row, context) -> List.of(row.getString("id"), row.getString("name")))
              .forEach(names::addAll);
          return names;
        });
  }
}
