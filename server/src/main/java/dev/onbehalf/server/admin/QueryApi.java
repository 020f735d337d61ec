package dev.onbehalf.server.admin;

import dev.onbehalf.server.receive.query.Queries;
import dev.onbehalf.server.receive.query.QueryFormat;
import dev.onbehalf.server.receive.query.QueryTimeout;
import tools.jackson.databind.JsonNode;

/** {@code /api/query}: queries over received builds and deployments, and their completion. */
final class QueryApi {
  private final Queries queries;

  QueryApi(Queries queries) {
    this.queries = queries;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/query", this::query)
        .on("GET", "/api/query/completions", this::completions);
  }

  private JsonNode query(AdminRequest request) {
    try {
      return QueryFormat.json(
          queries.run(
              request.queryValue("q").orElse(""),
              request.queryValue("show").orElse("").equals("issues"),
              number(request, "limit", Queries.ROWS),
              request.queryValue("after").orElse(null)));
    } catch (QueryTimeout e) {
      throw new AdminException(503, e.sentence());
    }
  }

  private JsonNode completions(AdminRequest request) {
    String text = request.queryValue("q").orElse("");
    return QueryFormat.json(queries.completions(text, number(request, "cursor", text.length())));
  }

  private static int number(AdminRequest request, String name, int byDefault) {
    String text = request.queryValue(name).orElse("");
    if (text.isEmpty()) {
      return byDefault;
    }
    if (!text.matches("[0-9]{1,6}")) {
      throw AdminException.badRequest("'" + name + "' must be a number.");
    }
    return Integer.parseInt(text);
  }
}
