package dev.onbehalf.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts into a request's body what was said on the command line, and leaves out the rest. */
final class JsonBody {
  private JsonBody() {}

  static void text(ObjectNode body, String field, @Nullable String value) {
    if (value != null) {
      body.put(field, value);
    }
  }

  static void flag(ObjectNode body, String field, @Nullable Boolean value) {
    if (value != null) {
      body.put(field, value.booleanValue());
    }
  }

  /** Empty texts are left out: by one alone a list is emptied. */
  static void list(ObjectNode body, String field, @Nullable List<String> values) {
    if (values != null) {
      ArrayNode array = body.putArray(field);
      values.stream().filter(value -> !value.isEmpty()).forEach(array::add);
    }
  }
}
