package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The answer to a bulk request as it grows; {@code docs/peer-facts.md} 2.4 to 2.6. */
final class BulkAnswer {
  private final DataType type;
  private final ArrayNode accepted = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode rejected = JsonNodeFactory.instance.arrayNode();
  private final ObjectNode rejectedById = JsonNodeFactory.instance.objectNode();
  private final ObjectNode acceptedById = JsonNodeFactory.instance.objectNode();
  private int acceptedCount;
  private int rejectedCount;
  private final Set<String> unknownKeys = new LinkedHashSet<>();
  private final Map<String, Set<String>> unknownAssociations = new LinkedHashMap<>();

  BulkAnswer(DataType type) {
    this.type = type;
  }

  void accept(JsonNode entity) {
    acceptedCount++;
    switch (type.answerForm()) {
      case KEYED_LIST -> accepted.add(type.keyOf(entity));
      case ID_MAP -> accepted.add(type.identityOf(entity).get(0));
      case REPOSITORIES -> repository(acceptedById, type.identityOf(entity).get(0));
    }
  }

  /** Accepts a part of an entity; the last of its identity is its id. */
  void acceptPart(List<String> identity, DataType.Part part) {
    acceptedCount++;
    list(repository(acceptedById, identity.get(0)), part.field())
        .add(identity.get(identity.size() - 1));
  }

  void rejectPart(List<String> parent, DataType.Part part, String id, List<String> sentences) {
    rejectedCount++;
    list(repository(rejectedById, parent.get(0)), part.field())
        .addObject()
        .put("id", id)
        .set("errorMessages", Json.messages(sentences));
  }

  private static ObjectNode repository(ObjectNode byId, String id) {
    return byId.get(id) instanceof ObjectNode known ? known : byId.putObject(id);
  }

  private static ArrayNode list(ObjectNode json, String field) {
    return json.get(field) instanceof ArrayNode known ? known : json.putArray(field);
  }

  void reject(JsonNode entity, List<String> sentences) {
    rejectedCount++;
    ArrayNode errors = Json.messages(sentences);
    if (type.answerForm() == DataType.AnswerForm.REPOSITORIES) {
      list(repository(rejectedById, type.identityOf(entity).get(0)), "errorMessages")
          .addAll(errors);
    } else if (type.answerForm() == DataType.AnswerForm.KEYED_LIST) {
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

  void unknown(Associations associations, Predicate<String> known) {
    associations.addUnknown(known, unknownKeys, unknownAssociations);
  }

  int acceptedCount() {
    return acceptedCount;
  }

  int rejectedCount() {
    return rejectedCount;
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.set(
        type.acceptedField(),
        type.answerForm() == DataType.AnswerForm.REPOSITORIES ? acceptedById : accepted);
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
