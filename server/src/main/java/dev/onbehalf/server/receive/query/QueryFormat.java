package dev.onbehalf.server.receive.query;

import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a query found, as JSON and as CSV. */
public final class QueryFormat {
  private static final List<String> COLUMNS =
      List.of(
          "issue",
          "kind",
          "state",
          "environment",
          "environmentType",
          "pipeline",
          "number",
          "displayName",
          "updated",
          "sender",
          "url",
          "issues");

  /** A cell that begins so is a formula to a spreadsheet. */
  private static final String FORMULAS = "=+-@\t\r\n|%\uFF1D\uFF0B\uFF0D\uFF20";

  private QueryFormat() {}

  /** Returns a result as JSON. */
  public static ObjectNode json(QueryResult result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode rows = json.putArray("rows");
    for (QueryResult.Row row : result.rows()) {
      ObjectNode each = rows.addObject();
      if (row.issue() != null) {
        each.put("issue", row.issue());
      }
      each.put("kind", row.kind()).put("state", row.state());
      if (row.environmentId() != null) {
        each.put("environmentId", row.environmentId())
            .put("environment", row.environment())
            .put("environmentType", row.environmentType());
      }
      each.put("pipelineId", row.pipelineId())
          .put("pipeline", row.pipeline())
          .put("number", row.number())
          .put("displayName", row.displayName())
          .put("updated", row.updated().toString())
          .put("sender", row.sender())
          .put("url", row.url());
      ArrayNode issues = each.putArray("issues");
      row.issues().forEach(issues::add);
    }
    json.put("next", result.next()).put("complete", result.complete());
    ArrayNode notes = json.putArray("notes");
    result.notes().forEach(notes::add);
    return json;
  }

  /** Returns completions as JSON. */
  public static ArrayNode json(List<Completion> completions) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    completions.forEach(
        each ->
            json.addObject()
                .put("word", each.word())
                .put("start", each.start())
                .put("end", each.end()));
    return json;
  }

  /**
   * Returns the rows of a result as CSV (RFC 4180), every cell quoted. A cell that a spreadsheet
   * would take for a formula has an apostrophe before it.
   *
   * @param result what {@link #json(QueryResult)} returned
   */
  public static String csv(JsonNode result) {
    StringBuilder csv = new StringBuilder();
    StringJoiner head = new StringJoiner(",", "", "\r\n");
    COLUMNS.forEach(column -> head.add(cell(column)));
    csv.append(head);
    for (JsonNode row : result.path("rows")) {
      StringJoiner line = new StringJoiner(",", "", "\r\n");
      for (String column : COLUMNS) {
        line.add(cell(text(row.get(column))));
      }
      csv.append(line);
    }
    return csv.toString();
  }

  private static String text(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      StringJoiner all = new StringJoiner(" ");
      value.forEach(each -> all.add(each.asString("")));
      return all.toString();
    }
    return value.asString("");
  }

  private static String cell(String text) {
    String begins = text.stripLeading();
    boolean formula =
        (!text.isEmpty() && FORMULAS.indexOf(text.charAt(0)) >= 0)
            || (!begins.isEmpty() && FORMULAS.indexOf(begins.charAt(0)) >= 0);
    return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }
}
