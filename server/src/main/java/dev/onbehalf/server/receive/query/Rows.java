package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.query.QueryResult.Row;
import dev.onbehalf.server.receive.query.QueryRunner.Hit;
import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what was found as people see it; issues that are not known are left out. */
final class Rows {
  static final String ENTITIES =
      "SELECT e.id, e.kind, e.run_number, e.state, e.updated_ms, e.document, p.pipeline_id,"
          + " p.name AS pipeline, v.environment_id, v.name AS environment, v.type, c.name AS sender"
          + " FROM received_entity e JOIN received_pipeline p ON p.id = e.pipeline_ref"
          + " JOIN receive_credential c ON c.id = e.credential_id"
          + " LEFT JOIN received_environment v ON v.id = e.environment_ref"
          + " WHERE e.id IN (<ids>)";
  static final String ISSUES =
      "SELECT entity_id, issue_key FROM received_issue WHERE entity_id IN (<ids>)"
          + " ORDER BY entity_id, issue_key";

  private static final int READ_AT_ONCE = 100;

  private final Database database;
  private final Issues issues;

  Rows(Database database, Issues issues) {
    this.database = database;
    this.issues = issues;
  }

  List<Row> of(List<Hit> hits) {
    List<Row> rows = new ArrayList<>();
    for (int from = 0; from < hits.size(); from += READ_AT_ONCE) {
      add(hits.subList(from, Math.min(hits.size(), from + READ_AT_ONCE)), rows);
    }
    return rows;
  }

  private void add(List<Hit> hits, List<Row> rows) {
    List<Long> ids = hits.stream().map(Hit::entity).distinct().toList();
    Map<Long, List<String>> keys = new HashMap<>();
    Map<Long, Row> bare = new HashMap<>();
    database.read(
        handle -> {
          handle
              .createQuery(ISSUES)
              .bindList("ids", ids)
              .map(
                  (row, context) -> Map.entry(row.getLong("entity_id"), row.getString("issue_key")))
              .forEach(
                  row ->
                      keys.computeIfAbsent(row.getKey(), id -> new ArrayList<>())
                          .add(row.getValue()));
          handle
              .createQuery(ENTITIES)
              .bindList("ids", ids)
              .map((row, context) -> Map.entry(row.getLong("id"), row(row)))
              .forEach(row -> bare.put(row.getKey(), row.getValue()));
          return true;
        });
    Set<String> all = new LinkedHashSet<>();
    keys.values().forEach(all::addAll);
    Map<String, String> existing = issues.existing(all);
    for (Hit hit : hits) {
      Row row = bare.get(hit.entity());
      String issue = hit.issue();
      if (row != null && (issue == null || existing.containsKey(issue))) {
        rows.add(
            new Row(
                row.kind(),
                issue,
                row.pipelineId(),
                row.pipeline(),
                row.number(),
                row.displayName(),
                row.url(),
                row.state(),
                row.environmentId(),
                row.environment(),
                row.environmentType(),
                row.updated(),
                row.sender(),
                keys.getOrDefault(hit.entity(), List.of()).stream()
                    .filter(existing::containsKey)
                    .toList()));
      }
    }
  }

  private static Row row(ResultSet row) throws SQLException {
    JsonNode json = JsonMapper.shared().readTree(row.getBytes("document"));
    return new Row(
        row.getString("kind").equals("builds") ? "build" : "deployment",
        null,
        row.getString("pipeline_id"),
        row.getString("pipeline"),
        row.getLong("run_number"),
        json.path("displayName").asString(""),
        json.path("url").asString(""),
        row.getString("state"),
        row.getString("environment_id"),
        row.getString("environment"),
        row.getString("type"),
        Instant.ofEpochMilli(row.getLong("updated_ms")),
        row.getString("sender"),
        List.of());
  }
}
