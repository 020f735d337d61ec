package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What an entity says it belongs to; {@code docs/peer-facts.md} 2.3 to 2.5. */
final class Associations {
  private static final String ISSUE_KEYS = "issueKeys";
  private static final String ASSOCIATIONS = "associations";
  private static final Set<String> OF_ISSUES = Set.of(ISSUE_KEYS, "issueIdOrKeys");

  private final List<String> keys = new ArrayList<>();
  private final Map<String, List<String>> byType = new LinkedHashMap<>();
  private boolean others;

  private Associations() {}

  /** Reads the associations of an entity that has its shape. */
  static Associations of(JsonNode entity) {
    Associations read = new Associations();
    Shape.present(entity, ISSUE_KEYS)
        .ifPresent(list -> list.forEach(key -> read.keys.add(key.stringValue())));
    Shape.present(entity, ASSOCIATIONS)
        .ifPresent(
            list -> {
              for (JsonNode association : list) {
                String type = association.path("associationType").stringValue();
                if (OF_ISSUES.contains(type)) {
                  List<String> values = read.byType.computeIfAbsent(type, t -> new ArrayList<>());
                  association.path("values").forEach(value -> values.add(value.stringValue()));
                } else {
                  read.others = true;
                }
              }
            });
    return read;
  }

  /** Returns the keys and ids of issues, as they were written. */
  Set<String> issues() {
    Set<String> all = new LinkedHashSet<>(keys);
    byType.values().forEach(all::addAll);
    return all;
  }

  /** Whether there is an association with anything else than an issue. */
  boolean hasOthers() {
    return others;
  }

  /** Adds to an answer what of it is not known: keys where keys were sent, else associations. */
  void addUnknown(
      Predicate<String> known, Set<String> unknownKeys, Map<String, Set<String>> unknownByType) {
    keys.stream().filter(known.negate()).forEach(unknownKeys::add);
    byType.forEach(
        (type, values) ->
            values.stream()
                .filter(known.negate())
                .forEach(
                    value ->
                        unknownByType
                            .computeIfAbsent(type, t -> new LinkedHashSet<>())
                            .add(value)));
  }

  /** Returns how a key or id is looked up and stored. */
  static String canonical(String keyOrId) {
    return keyOrId.toUpperCase(Locale.ROOT);
  }

  static boolean isKey(String canonical) {
    return IssueKeys.isKey(canonical);
  }

  /** Removes from {@code entity} the issues that are not wanted, and what is empty then. */
  static void retain(ObjectNode entity, Predicate<String> wanted) {
    Shape.present(entity, ISSUE_KEYS)
        .ifPresent(list -> entity.set(ISSUE_KEYS, retained(list, wanted)));
    Shape.present(entity, ASSOCIATIONS)
        .ifPresent(
            list -> {
              ArrayNode kept = JsonNodeFactory.instance.arrayNode();
              for (JsonNode association : list) {
                if (!OF_ISSUES.contains(association.path("associationType").asString(""))) {
                  kept.add(association);
                  continue;
                }
                ArrayNode values = retained(association.path("values"), wanted);
                if (!values.isEmpty()) {
                  ObjectNode copy = ((ObjectNode) association).deepCopy();
                  copy.set("values", values);
                  kept.add(copy);
                }
              }
              entity.set(ASSOCIATIONS, kept);
            });
  }

  private static ArrayNode retained(JsonNode values, Predicate<String> wanted) {
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode value : values) {
      if (wanted.test(value.stringValue())) {
        kept.add(value);
      }
    }
    return kept;
  }
}
