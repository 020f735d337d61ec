package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The answer to a bulk request as it grows; {@code spec/jira-cicd.md} sections 2.6 to 2.11. */
final class BulkAnswer {
  private final DataType type;
  private final ArrayNode accepted = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode rejected = JsonNodeFactory.instance.arrayNode();
  private final ObjectNode rejectedById = JsonNodeFactory.instance.objectNode();
  private final Set<String> unknownKeys = new LinkedHashSet<>();
  private final Map<String, Set<String>> unknownAssociations = new LinkedHashMap<>();

  BulkAnswer(DataType type) {
    this.type = type;
  }

  void accept(JsonNode entity) {
    ObjectNode key = type.keyOf(entity);
    if (type.answerForm() == DataType.AnswerForm.KEYED_LIST) {
      accepted.add(key);
    } else {
      accepted.add(type.identityOf(entity).get(0));
    }
  }

  void reject(JsonNode entity, List<String> sentences) {
    ArrayNode errors = Json.messages(sentences);
    if (type.answerForm() == DataType.AnswerForm.KEYED_LIST) {
      ObjectNode item = rejected.addObject();
      item.set("key", type.keyOf(entity));
      item.set("errors", errors);
    } else {
      String id = type.identityOf(entity).get(0);
      if (rejectedById.get(id) instanceof ArrayNode known) {
        known.addAll(errors);
      } else {
        rejectedById.set(id, errors);
      }
    }
  }

  void unknown(Associations associations, java.util.function.Predicate<String> known) {
    associations.addUnknown(known, unknownKeys, unknownAssociations);
  }

  int acceptedCount() {
    return accepted.size();
  }

  int rejectedCount() {
    return rejected.size() + rejectedById.size();
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.set(type.acceptedField(), accepted);
    json.set(
        type.rejectedField(),
        type.answerForm() == DataType.AnswerForm.KEYED_LIST ? rejected : rejectedById);
    ArrayNode keys = json.putArray("unknownIssueKeys");
    unknownKeys.forEach(keys::add);
    ArrayNode associations = json.putArray("unknownAssociations");
    unknownAssociations.forEach(
        (associationType, values) -> {
          ArrayNode array =
              associations.addObject().put("associationType", associationType).putArray("values");
          values.forEach(array::add);
        });
    return json;
  }
}
