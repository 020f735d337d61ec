package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reports of one kind handed over together, numbered and ready for the wire.
 *
 * @param name what the spool calls them, in the order they were handed over
 * @param type their kind
 * @param properties what marks them for a later deletion
 * @param entities the reports
 */
record Batch(
    String name, DataType type, Map<String, String> properties, List<ObjectNode> entities) {
  static final String PRODUCT = "Onbehalf";

  Batch {
    entities = List.copyOf(entities);
  }

  ObjectNode body() {
    return body(type, properties, entities);
  }

  static ObjectNode body(DataType type, Map<String, String> properties, List<ObjectNode> entities) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!properties.isEmpty()) {
      ObjectNode node = body.putObject("properties");
      properties.forEach(node::put);
    }
    body.putObject("providerMetadata").put("product", PRODUCT);
    ArrayNode collection = body.putArray(type.collection());
    entities.forEach(collection::add);
    return body;
  }
}
