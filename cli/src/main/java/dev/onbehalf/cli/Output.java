package dev.onbehalf.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The choice between words for people and JSON for machines. */
public final class Output {
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Option(names = "--json", description = "Print JSON for machines.")
  boolean json;

  /** Whether JSON was asked for. */
  public boolean json() {
    return json;
  }

  /** Returns a value as people read it in a line. */
  static String plain(JsonNode value) {
    if (value.isArray()) {
      List<String> texts = new ArrayList<>();
      value.forEach(element -> texts.add(plain(element)));
      return texts.isEmpty() ? "-" : String.join(", ", texts);
    }
    if (value.isBoolean()) {
      return value.asBoolean() ? "yes" : "no";
    }
    return value.isNull() ? "-" : value.isObject() ? value.toString() : value.asString();
  }

  /** Returns {@code node} as indented text. */
  public static String pretty(JsonNode node) {
    return PRETTY.writeValueAsString(node);
  }
}
