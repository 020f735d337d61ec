package dev.onbehalf.server.receive;

import dev.onbehalf.server.web.WebResponse;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON from strangers, bounded in depth, count of values and length of numbers, with no name twice;
 * and answers in the forms of {@code docs/peer-facts.md} 2.7.
 */
final class Json {
  private static final int MOST_DEPTH = 24;
  private static final long MOST_TOKENS = 300_000;
  private static final int LONGEST_NUMBER = 40;
  private static final int LONGEST_NAME = 1_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MOST_DEPTH)
                          .maxTokenCount(MOST_TOKENS)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxNameLength(LONGEST_NAME)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private Json() {}

  /**
   * Reads a JSON object.
   *
   * @throws Malformed with one sentence, if it is none or goes beyond a bound
   */
  static ObjectNode object(byte[] bytes) {
    try {
      if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new Malformed("The body cannot be read as JSON: " + firstLine(e) + ".");
    }
    throw new Malformed("The body must be a JSON object.");
  }

  /** Reads what was stored: it was held to the bounds when it came. */
  static ObjectNode stored(byte[] bytes) {
    return (ObjectNode) JsonMapper.shared().readTree(bytes);
  }

  static byte[] bytes(JsonNode node) {
    return JsonMapper.shared().writeValueAsBytes(node);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static WebResponse answer(int status, JsonNode body) {
    return WebResponse.of(status, "application/json", body.toString())
        .with("Cache-Control", "no-store");
  }

  /** An error as builds, deployments and remote links answer it: a list of messages. */
  static WebResponse error(int status, List<String> sentences) {
    return answer(status, messages(sentences));
  }

  static WebResponse error(int status, String sentence) {
    return error(status, List.of(sentence));
  }

  /** The answer to whoever shows no valid token. */
  static WebResponse unauthorised() {
    return answer(401, object().put("code", 401).put("message", "Unauthorized"));
  }

  static ArrayNode messages(List<String> sentences) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    sentences.forEach(sentence -> array.addObject().put("message", sentence));
    return array;
  }

  private static String firstLine(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage());
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  /** A body that is not what it should be. */
  static final class Malformed extends RuntimeException {
    Malformed(String sentence) {
      super(sentence, null, false, false);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }
}
