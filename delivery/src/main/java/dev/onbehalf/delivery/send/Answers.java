package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the answers to bulk requests; {@code docs/peer-facts.md} 2.4 to 2.6. */
final class Answers {
  private static final int MAX_REASONS = 10;

  private Answers() {}

  /** Returns what {@code answer}, which may speak of more, says of the reports of {@code batch}. */
  static SiteResult read(String site, Batch batch, JsonNode answer) {
    DataType type = batch.type();
    Set<List<String>> accepted = accepted(type, answer);
    Map<List<String>, List<String>> rejected = rejected(type, answer);
    List<String> taken = new ArrayList<>();
    List<Rejection> refused = new ArrayList<>();
    Set<String> mentioned = new HashSet<>();
    for (ObjectNode entity : batch.entities()) {
      List<String> identity = type.identityOf(entity);
      List<String> reasons = rejected.get(identity);
      if (reasons != null) {
        refused.add(new Rejection(type.describe(identity), reasons));
      }
      if (accepted.contains(identity)) {
        taken.add(type.describe(identity));
      } else if (reasons == null) {
        refused.add(
            new Rejection(
                type.describe(identity),
                List.of("the answer lists it neither as accepted nor as rejected")));
      }
      collectTexts(entity, mentioned);
    }
    return SiteResult.answered(
        site,
        taken,
        refused,
        unknownKeys(answer, mentioned),
        unknownAssociations(answer, mentioned));
  }

  /** Adds what {@code more} says to {@code answer}. */
  static void merge(ObjectNode answer, JsonNode more) {
    for (Map.Entry<String, JsonNode> field : more.properties()) {
      JsonNode known = answer.get(field.getKey());
      if (known instanceof ArrayNode list && field.getValue().isArray()) {
        field.getValue().forEach(list::add);
      } else if (known instanceof ObjectNode map && field.getValue().isObject()) {
        field.getValue().properties().forEach(pair -> map.set(pair.getKey(), pair.getValue()));
      } else {
        answer.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  private static Set<List<String>> accepted(DataType type, JsonNode answer) {
    Set<List<String>> accepted = new HashSet<>();
    JsonNode list = answer.path(type.acceptedField());
    switch (type.answerForm()) {
      case KEYED_LIST -> list.forEach(key -> accepted.add(type.identityOfKey(key)));
      case ID_MAP ->
          list.forEach(
              id ->
                  accepted.add(id.isObject() ? type.identityOfKey(id) : List.of(id.asString(""))));
      case REPOSITORIES -> list.properties().forEach(pair -> accepted.add(List.of(pair.getKey())));
    }
    return accepted;
  }

  private static Map<List<String>, List<String>> rejected(DataType type, JsonNode answer) {
    Map<List<String>, List<String>> rejected = new HashMap<>();
    JsonNode field = answer.path(type.rejectedField());
    if (type.answerForm() == DataType.AnswerForm.KEYED_LIST) {
      for (JsonNode item : field) {
        rejected.put(type.identityOfKey(item.path("key")), reasons(item.path("errors")));
      }
    } else {
      field
          .properties()
          .forEach(pair -> rejected.put(List.of(pair.getKey()), reasons(pair.getValue())));
    }
    return rejected;
  }

  private static List<String> reasons(JsonNode errors) {
    List<String> reasons = new ArrayList<>();
    collectReasons(errors, "", reasons, 0);
    return reasons.isEmpty() ? List.of("no reason given") : reasons;
  }

  private static void collectReasons(JsonNode node, String of, List<String> reasons, int depth) {
    if (depth > 6 || reasons.size() >= MAX_REASONS) {
      return;
    }
    if (node.isString()) {
      reasons.add(of + node.stringValue());
    } else if (node.isArray()) {
      node.forEach(item -> collectReasons(item, of, reasons, depth + 1));
    } else if (node.isObject()) {
      String id = node.path("id").asString("");
      String within = id.isEmpty() ? of : id + ": ";
      if (node.path("message").isString()) {
        String trace = node.path("errorTraceId").asString("");
        reasons.add(
            within
                + node.path("message").stringValue()
                + (trace.isEmpty() ? "" : " (trace " + trace + ")"));
      }
      for (String field :
          List.of("errorMessages", "errors", "commits", "branches", "pullRequests")) {
        Shape.present(node, field)
            .ifPresent(list -> collectReasons(list, within, reasons, depth + 1));
      }
    }
  }

  private static List<String> unknownKeys(JsonNode answer, Set<String> mentioned) {
    Set<String> unknown = new LinkedHashSet<>();
    for (JsonNode key : answer.path("unknownIssueKeys")) {
      if (mentioned.contains(key.asString(""))) {
        unknown.add(key.asString(""));
      }
    }
    return List.copyOf(unknown);
  }

  private static List<String> unknownAssociations(JsonNode answer, Set<String> mentioned) {
    Set<String> unknown = new LinkedHashSet<>();
    for (JsonNode association : answer.path("unknownAssociations")) {
      for (JsonNode value : association.path("values")) {
        String text = value.isString() ? value.stringValue() : value.toString();
        if (!value.isString() || mentioned.contains(text)) {
          unknown.add(association.path("associationType").asString("") + " " + text);
        }
      }
    }
    return List.copyOf(unknown);
  }

  private static void collectTexts(JsonNode entity, Set<String> texts) {
    entity.path("issueKeys").forEach(key -> texts.add(key.asString("")));
    for (JsonNode association : entity.path("associations")) {
      association.path("values").forEach(value -> texts.add(value.asString("")));
    }
    for (String field : List.of("commits", "branches", "pullRequests")) {
      entity.path(field).forEach(item -> collectTexts(item, texts));
    }
  }
}
