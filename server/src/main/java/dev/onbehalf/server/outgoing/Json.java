package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON in and out. */
final class Json {
  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns the body as an object; an empty one for anything else. */
  static ObjectNode body(WebRequest request) {
    try {
      return JsonMapper.shared().readTree(request.body()) instanceof ObjectNode object
          ? object
          : object();
    } catch (JacksonException e) {
      return object();
    }
  }

  static WebResponse answer(int status, ObjectNode body) {
    WebResponse answer =
        WebResponse.of(status, "application/json", body + "\n").with("X-Onbehalf-Answer", "own");
    return status == 401 ? answer.with("WWW-Authenticate", "Onbehalf") : answer;
  }

  static WebResponse error(int status, String problem, String sentence) {
    return answer(status, object().put("error", problem).put("message", sentence));
  }
}
