package dev.onbehalf.server.admin;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request to the administrator API, its path matched and its body parsed.
 *
 * @param id request id
 * @param pathParameters decoded values of the template's names
 * @param query decoded query parameters
 * @param body the JSON object, empty where there was no body
 */
record AdminRequest(
    String id, Map<String, String> pathParameters, Map<String, String> query, ObjectNode body) {

  String path(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The route has no {" + name + "}.");
    }
    return value;
  }

  Optional<String> queryValue(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns a whole number of the query, at most {@code maximum}. */
  int queryNumber(String name, int byDefault, int maximum) {
    return queryValue(name)
        .map(
            text -> {
              try {
                return Math.min(maximum, Math.max(0, Integer.parseInt(text)));
              } catch (NumberFormatException e) {
                throw AdminException.badRequest("'" + name + "' must be a whole number.");
              }
            })
        .orElse(byDefault);
  }

  Optional<Instant> queryInstant(String name) {
    return queryValue(name)
        .map(
            text -> {
              try {
                return Instant.parse(text);
              } catch (DateTimeParseException e) {
                throw AdminException.badRequest(
                    "'" + name + "' must be a time such as 2026-01-31T09:00:00Z.");
              }
            });
  }

  /** Refuses a body with a field outside {@code known}: a typing error must not pass as success. */
  void onlyFields(Set<String> known) {
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      if (!known.contains(field.getKey())) {
        throw AdminException.badRequest("The field '" + field.getKey() + "' is not known here.");
      }
    }
  }

  boolean has(String field) {
    return body.hasNonNull(field);
  }

  String text(String field) {
    return optionalText(field)
        .orElseThrow(() -> AdminException.badRequest("The field '" + field + "' is missing."));
  }

  Optional<String> optionalText(String field) {
    JsonNode node = body.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw AdminException.badRequest("The field '" + field + "' must be a text.");
    }
    return Optional.of(node.stringValue());
  }

  boolean flag(String field, boolean byDefault) {
    JsonNode node = body.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return byDefault;
    }
    if (!node.isBoolean()) {
      throw AdminException.badRequest("The field '" + field + "' must be true or false.");
    }
    return node.booleanValue();
  }

  List<String> texts(String field) {
    JsonNode node = body.path(field);
    List<String> values = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      return values;
    }
    if (!node.isArray()) {
      throw AdminException.badRequest("The field '" + field + "' must be a list of texts.");
    }
    for (JsonNode element : node) {
      if (!element.isString()) {
        throw AdminException.badRequest("The field '" + field + "' must be a list of texts.");
      }
      values.add(element.stringValue());
    }
    return values;
  }
}
