package dev.onbehalf.server.admin;

import dev.onbehalf.server.diagnosis.Diagnosis;
import dev.onbehalf.server.diagnosis.Explanation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/explanations}: why signatures were refused. */
final class ExplanationsApi {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MOST = 1000;

  private final Diagnosis diagnosis;

  ExplanationsApi(Diagnosis diagnosis) {
    this.diagnosis = diagnosis;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/explanations", this::newest)
        .on("GET", "/api/explanations/{id}", this::one);
  }

  private JsonNode newest(AdminRequest request) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    diagnosis
        .newest(request.queryNumber("limit", DEFAULT_LIMIT, MOST))
        .forEach(explanation -> all.add(json(explanation)));
    return all;
  }

  private JsonNode one(AdminRequest request) {
    String id = request.path("id");
    return diagnosis
        .of(id)
        .map(ExplanationsApi::json)
        .orElseThrow(
            () ->
                new AdminException(
                    404,
                    "This node has no explanation for the request '"
                        + id
                        + "': it was not refused for its signature, is not among the newest 1000"
                        + " refusals since the start, or went to another node."));
  }

  private static ObjectNode json(Explanation explanation) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("requestId", explanation.requestId())
        .put("at", explanation.at().toString())
        .put("application", explanation.application())
        .put("consumer", explanation.consumerKey())
        .put("problem", explanation.problem())
        .put("rfc5849", explanation.rfcSection())
        .put("finding", explanation.finding())
        .put("remedy", explanation.remedy())
        .put("baseString", explanation.baseString());
  }
}
