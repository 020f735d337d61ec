package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What was received, read by pipeline and environment: every question is answered by an index and
 * bounded by the caller. An environment or pipeline is always one of a sender: another sender's of
 * the same name is another one. What the server sends itself to try the site is nobody's pipeline.
 */
public final class History {
  private static final String ITEM =
      "SELECT e.id, e.kind, e.pipeline_ref, e.environment_ref, e.run_number, e.state, e.document,"
          + " e.updated_ms, e.received_ms, c.name AS sender";
  private static final String OF_SENDER = " JOIN receive_credential c ON c.id = e.credential_id ";
  private static final String OLDER =
      " AND l.updated_ms <= :updated AND (l.updated_ms < :updated OR l.id < :id)";
  private static final String ENVIRONMENT =
      "SELECT v.id, v.environment_id, v.name, v.type, v.described_ms, c.name AS sender"
          + " FROM received_environment v JOIN receive_credential c ON c.id = v.credential_id ";
  private static final String PIPELINE =
      "SELECT p.id, p.pipeline_id, p.name, c.name AS sender"
          + " FROM received_pipeline p JOIN receive_credential c ON c.id = p.credential_id AND"
          + " c.name <> '"
          + Credential.OWN_NAME
          + "' ";

  static final String ENVIRONMENTS_OF_TYPE =
      ENVIRONMENT + "WHERE v.type = :type AND v.id > :after ORDER BY v.type, v.id LIMIT :limit";
  static final String ENVIRONMENTS_BY_ID = ENVIRONMENT + "WHERE v.folded_id = :name LIMIT :limit";
  static final String ENVIRONMENTS_BY_NAME =
      ENVIRONMENT + "WHERE v.folded_name = :name LIMIT :limit";
  static final String PIPELINES = PIPELINE + "WHERE p.id > :after ORDER BY p.id LIMIT :limit";
  static final String PIPELINES_BY_ID = PIPELINE + "WHERE p.folded_id = :name LIMIT :limit";
  static final String PIPELINES_BY_NAME = PIPELINE + "WHERE p.folded_name = :name LIMIT :limit";

  static final String BUILDS =
      ITEM
          + " FROM (SELECT l.id FROM received_entity l WHERE l.pipeline_ref = :ref"
          + " AND l.kind = :kind"
          + OLDER
          + " ORDER BY l.pipeline_ref, l.kind, l.updated_ms DESC, l.id DESC LIMIT :limit) x"
          + " JOIN received_entity e ON e.id = x.id"
          + OF_SENDER
          + "ORDER BY e.updated_ms DESC, e.id DESC";
  static final String DEPLOYMENTS =
      ITEM
          + " FROM (SELECT l.id FROM received_entity l WHERE l.environment_ref = :ref"
          + OLDER
          + " ORDER BY l.environment_ref, l.updated_ms DESC, l.id DESC LIMIT :limit) x"
          + " JOIN received_entity e ON e.id = x.id"
          + OF_SENDER
          + "ORDER BY e.updated_ms DESC, e.id DESC";
  static final String BY_NUMBER =
      ITEM + " FROM received_entity e" + OF_SENDER + "WHERE e.id IN (<entities>)";
  static final String OF_ISSUE =
      ITEM
          + " FROM received_issue i JOIN received_entity e ON e.id = i.entity_id"
          + OF_SENDER
          + "WHERE i.project = :project AND i.issue_number = :number AND i.kind = :kind"
          + " ORDER BY i.project, i.issue_number, i.kind, i.updated_ms DESC, i.entity_id DESC"
          + " LIMIT :limit";
  static final String PLACES_OF_ISSUE =
      "SELECT i.entity_id, i.environment_ref FROM received_issue i"
          + " WHERE i.project = :project AND i.issue_number = :number AND i.kind = :kind"
          + " ORDER BY i.project, i.issue_number, i.kind, i.updated_ms DESC, i.entity_id DESC"
          + " LIMIT :limit";
  static final String ENVIRONMENT_BY_REF = ENVIRONMENT + "WHERE v.id = :ref";
  static final String PIPELINE_BY_REF = PIPELINE + "WHERE p.id = :ref";
  static final String LATEST =
      ITEM
          + " FROM (SELECT (SELECT l.id FROM received_entity l WHERE l.environment_ref = v.id"
          + " ORDER BY l.environment_ref, l.updated_ms DESC, l.id DESC LIMIT 1) AS entity"
          + " FROM received_environment v WHERE v.id IN (<environments>)) x"
          + " JOIN received_entity e ON e.id = x.entity"
          + OF_SENDER
          + "ORDER BY e.updated_ms DESC, e.id DESC";
  static final String CURRENT =
      ITEM
          + " FROM (SELECT (SELECT l.id FROM received_entity l"
          + " WHERE l.environment_ref = p.environment_ref AND l.pipeline_ref = p.pipeline_ref"
          + " AND l.state = 'successful' ORDER BY l.environment_ref, l.pipeline_ref, l.state,"
          + " l.run_number DESC LIMIT 1) AS entity FROM received_place p"
          + " WHERE p.environment_ref IN (<environments>) LIMIT :limit) x"
          + " JOIN received_entity e ON e.id = x.entity"
          + OF_SENDER
          + "ORDER BY e.updated_ms DESC, e.id DESC";
  static final String LATEST_OF_PROJECT =
      ITEM
          + " FROM (SELECT (SELECT i.entity_id FROM received_issue i"
          + " WHERE i.environment_ref = v.id AND i.deployed_project = :project"
          + " AND i.deployed = :deployed"
          + " ORDER BY i.environment_ref, i.deployed_project, i.deployed, i.updated_ms DESC,"
          + " i.entity_id DESC LIMIT 1) AS entity"
          + " FROM received_environment v WHERE v.id IN (<environments>)) x"
          + " JOIN received_entity e ON e.id = x.entity"
          + OF_SENDER
          + "ORDER BY e.updated_ms DESC, e.id DESC";

  private final Database database;

  public History(Database database) {
    this.database = database;
  }

  /**
   * A pipeline.
   *
   * @param ref our own number of it
   * @param sender name of the credential that reports it
   * @param id its id
   * @param name what its deployments call it; its id as long as there is none
   */
  public record Pipeline(long ref, String sender, String id, String name) {}

  /**
   * An environment, as its most recent deployment describes it.
   *
   * @param ref our own number of it
   * @param sender name of the credential that reports it
   * @param id its id
   * @param name its name
   * @param type one of the words of {@link dev.onbehalf.delivery.EnvironmentType}
   * @param described when that deployment last changed
   */
  public record Environment(
      long ref, String sender, String id, String name, String type, Instant described) {}

  /**
   * A build or deployment.
   *
   * @param entity our own number of it
   * @param kind {@code builds} or {@code deployments}
   * @param pipeline our number of its pipeline
   * @param environment our number of its environment; null for a build
   * @param number of the build, or of the deployment in its pipeline and environment
   * @param state its state
   * @param document its JSON, as it came
   * @param updated when it last changed, as its sender says
   * @param received when it last came
   * @param sender name of the credential that sent it
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Item(
      long entity,
      String kind,
      long pipeline,
      @Nullable Long environment,
      long number,
      String state,
      byte[] document,
      Instant updated,
      Instant received,
      String sender) {

    /** Returns its JSON, read. */
    public JsonNode json() {
      return Json.stored(document);
    }

    /** Returns the keys of the issues that {@code json} says it belongs to, in their order. */
    public static List<String> issueKeys(JsonNode json) {
      return Associations.of(json).issues().stream()
          .map(Associations::canonical)
          .filter(Associations::isKey)
          .distinct()
          .toList();
    }

    /** Where a page that ends with it is continued. */
    public Position position() {
      return new Position(updated, entity);
    }
  }

  /** A place in a list that has the latest first; what follows it is older. */
  public record Position(Instant updated, long entity) {}

  /** Returns environments of a type in the order they were first seen, after that number. */
  public List<Environment> environments(String type, long after, int limit) {
    return environments(
        ENVIRONMENTS_OF_TYPE,
        query -> query.bind("type", type).bind("after", after).bind("limit", limit));
  }

  /** Returns every sender's environments with that id or, if there is none, name, in any case. */
  public List<Environment> environmentsNamed(String idOrName, int limit) {
    List<Environment> byId =
        environments(ENVIRONMENTS_BY_ID, query -> named(query, idOrName, limit));
    return byId.isEmpty()
        ? environments(ENVIRONMENTS_BY_NAME, query -> named(query, idOrName, limit))
        : byId;
  }

  /** Returns pipelines in the order they were first seen, after that number. */
  public List<Pipeline> pipelines(long after, int limit) {
    return pipelines(PIPELINES, query -> query.bind("after", after).bind("limit", limit));
  }

  /** Returns every sender's pipelines with that id or, if there is none, name, in any case. */
  public List<Pipeline> pipelinesNamed(String idOrName, int limit) {
    List<Pipeline> byId = pipelines(PIPELINES_BY_ID, query -> named(query, idOrName, limit));
    return byId.isEmpty()
        ? pipelines(PIPELINES_BY_NAME, query -> named(query, idOrName, limit))
        : byId;
  }

  /** Returns the builds of a pipeline, the latest first. */
  public List<Item> builds(long pipeline, @Nullable Position after, int limit) {
    return items(
        BUILDS, query -> page(query, pipeline, after, limit).bind("kind", DataType.BUILDS.name()));
  }

  /** Returns the deployments to an environment, whatever became of them, the latest first. */
  public List<Item> deployments(long environment, @Nullable Position after, int limit) {
    return items(DEPLOYMENTS, query -> page(query, environment, after, limit));
  }

  /** Returns the deployments of a pipeline, the latest first. */
  public List<Item> deploymentsOf(long pipeline, @Nullable Position after, int limit) {
    return items(
        BUILDS,
        query -> page(query, pipeline, after, limit).bind("kind", DataType.DEPLOYMENTS.name()));
  }

  /** Returns what belongs to an issue, the latest first. */
  public List<Item> ofIssue(String issueKey, String kind, int limit) {
    IssueNumber issue = IssueNumber.of(issueKey);
    return items(
        OF_ISSUE,
        query ->
            query
                .bind("project", issue.project())
                .bind("number", issue.number())
                .bind("kind", kind)
                .bind("limit", limit));
  }

  /**
   * Returns the latest deployment of an issue to each environment, the latest first.
   *
   * @param seen how many of its deployments are looked through
   * @param limit how many environments
   */
  public List<Item> placesOfIssue(String issueKey, int seen, int limit) {
    Map<Long, Long> latest = new LinkedHashMap<>();
    for (Place place : places(issueKey, seen)) {
      if (place.environment() != null) {
        latest.putIfAbsent(place.environment(), place.entity());
      }
    }
    List<Long> entities = latest.values().stream().limit(limit).toList();
    Map<Long, Item> items = new HashMap<>();
    items(entities).forEach(item -> items.put(item.entity(), item));
    return entities.stream().map(items::get).filter(Objects::nonNull).toList();
  }

  private record Place(long entity, @Nullable Long environment) {}

  private List<Place> places(String issueKey, int limit) {
    IssueNumber issue = IssueNumber.of(issueKey);
    return database.read(
        handle ->
            handle
                .createQuery(PLACES_OF_ISSUE)
                .bind("project", issue.project())
                .bind("number", issue.number())
                .bind("kind", DataType.DEPLOYMENTS.name())
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Place(
                            row.getLong("entity_id"), row.getObject("environment_ref", Long.class)))
                .list());
  }

  /** Returns what has these numbers of ours, in no order. */
  List<Item> items(Collection<Long> entities) {
    return entities.isEmpty()
        ? List.of()
        : items(BY_NUMBER, query -> query.bindList("entities", List.copyOf(entities)));
  }

  /** Finds an environment by our number of it. */
  public Optional<Environment> environment(long ref) {
    return environments(ENVIRONMENT_BY_REF, query -> query.bind("ref", ref)).stream().findFirst();
  }

  /** Finds a pipeline by our number of it. */
  public Optional<Pipeline> pipeline(long ref) {
    return pipelines(PIPELINE_BY_REF, query -> query.bind("ref", ref)).stream().findFirst();
  }

  /** Returns the latest deployment to each environment, whatever became of it. */
  public List<Item> latest(Collection<Long> environments) {
    return environments.isEmpty()
        ? List.of()
        : items(LATEST, query -> query.bindList("environments", List.copyOf(environments)));
  }

  /**
   * Returns what is on the environments now: for each pipeline that deploys there the successful
   * deployment with the highest number, the latest first.
   */
  public List<Item> current(Collection<Long> environments, int limit) {
    return environments.isEmpty()
        ? List.of()
        : items(
            CURRENT,
            query ->
                query.bindList("environments", List.copyOf(environments)).bind("limit", limit));
  }

  /**
   * Returns the latest deployment with an issue of a project to each environment that has one.
   *
   * @param successful whether of the successful ones, or of the others
   */
  public List<Item> latestOfProject(
      String project, Collection<Long> environments, boolean successful) {
    return environments.isEmpty()
        ? List.of()
        : items(
            LATEST_OF_PROJECT,
            query ->
                query
                    .bindList("environments", List.copyOf(environments))
                    .bind("project", project)
                    .bind("deployed", successful));
  }

  /** Binds what a query asks for. */
  private interface Binding {
    Query to(Query query);
  }

  private static Query named(Query query, String idOrName, int limit) {
    return query.bind("name", Places.folded(idOrName)).bind("limit", limit);
  }

  private static Query page(Query query, long ref, @Nullable Position after, int limit) {
    return query
        .bind("ref", ref)
        .bind("updated", after == null ? Long.MAX_VALUE : after.updated().toEpochMilli())
        .bind("id", after == null ? Long.MAX_VALUE : after.entity())
        .bind("limit", limit);
  }

  private List<Environment> environments(String sql, Binding binding) {
    return database.read(
        handle ->
            binding.to(handle.createQuery(sql)).map((row, context) -> environment(row)).list());
  }

  static Environment environment(ResultSet row) throws SQLException {
    return new Environment(
        row.getLong("id"),
        row.getString("sender"),
        row.getString("environment_id"),
        row.getString("name"),
        row.getString("type"),
        Instant.ofEpochMilli(row.getLong("described_ms")));
  }

  private List<Pipeline> pipelines(String sql, Binding binding) {
    return database.read(
        handle ->
            binding
                .to(handle.createQuery(sql))
                .map(
                    (row, context) ->
                        new Pipeline(
                            row.getLong("id"),
                            row.getString("sender"),
                            row.getString("pipeline_id"),
                            row.getString("name")))
                .list());
  }

  private List<Item> items(String sql, Binding binding) {
    return database.read(
        handle -> binding.to(handle.createQuery(sql)).map((row, context) -> item(row)).list());
  }

  private static Item item(ResultSet row) throws SQLException {
    return new Item(
        row.getLong("id"),
        row.getString("kind"),
        row.getLong("pipeline_ref"),
        row.getObject("environment_ref", Long.class),
        row.getLong("run_number"),
        row.getString("state"),
        row.getBytes("document"),
        Instant.ofEpochMilli(row.getLong("updated_ms")),
        Instant.ofEpochMilli(row.getLong("received_ms")),
        row.getString("sender"));
  }
}
