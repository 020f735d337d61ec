package dev.onbehalf.server.relay;

import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON in and out, in the shapes of Jira's provider APIs. */
final class Json {
  private Json() {}

  /** Returns the body as a JSON object; empty for anything else. */
  static Optional<ObjectNode> object(WebRequest request) {
    try {
      JsonNode node = JsonMapper.shared().readTree(request.body());
      return node instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static WebResponse answer(int status, JsonNode body) {
    return WebResponse.of(status, "application/json", body.toString())
        .with("Cache-Control", "no-store");
  }

  /** An error as builds, deployments and remote links answer it: a list of messages. */
  static WebResponse error(int status, String sentence) {
    return answer(
        status, JsonNodeFactory.instance.arrayNode().add(object().put("message", sentence)));
  }
}
