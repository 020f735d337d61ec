package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Shape;
import dev.onbehalf.delivery.Violation;
import dev.onbehalf.server.store.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides what of a bulk request is accepted, rejected and unknown; {@code spec/jira-cicd.md}
 * section 2.5. An issue of a project the credential may not report on is as unknown as one that
 * does not exist.
 */
final class Intake {
  /** Bytes of the JSON of one entity; the column holds no more than 1 MiB. */
  private static final int LARGEST_ENTITY = 1_000_000;

  private static final long EARLIEST_MILLIS = 0;
  private static final long LATEST_MILLIS = 253_402_300_799_999L;

  private final Issues issues;
  private final Sealer sealer;

  Intake(Issues issues, Sealer sealer) {
    this.issues = issues;
    this.sealer = sealer;
  }

  /**
   * What became of a request.
   *
   * @param answer the answer
   * @param entities what is to be written, each of another identity
   * @param issueKeys the issues they belong to
   */
  record Taken(BulkAnswer answer, List<Received> entities, Set<String> issueKeys) {}

  /** A request that is wrong as a whole. */
  static final class Refused extends RuntimeException {
    private final int status;
    private final List<String> sentences;

    Refused(int status, List<String> sentences) {
      super(String.join(" ", sentences), null, false, false);
      this.status = status;
      this.sentences = List.copyOf(sentences);
    }

    int status() {
      return status;
    }

    List<String> sentences() {
      return sentences;
    }
  }

  /**
   * Looks through a bulk request.
   *
   * @throws Refused if its envelope is wrong
   */
  Taken take(Kind kind, Credential credential, ObjectNode request) {
    DataType type = kind.type();
    List<Violation> faults = type.envelope().violations(request);
    if (!faults.isEmpty()) {
      throw new Refused(400, faults.stream().map(Violation::message).toList());
    }
    JsonNode entities = request.path(type.collection());
    if (entities.size() > kind.mostEntities()) {
      throw new Refused(
          413,
          List.of(
              "'%s' can have a maximum of %d elements in one request. Found %d."
                  .formatted(type.collection(), kind.mostEntities(), entities.size())));
    }
    BulkAnswer answer = new BulkAnswer(type);
    List<Map.Entry<ObjectNode, Associations>> inOrder = new ArrayList<>();
    for (JsonNode entity : entities) {
      List<Violation> wrong = type.shape().violations(entity);
      if (wrong.isEmpty() && entity instanceof ObjectNode object) {
        inOrder.add(Map.entry(object, Associations.of(object)));
      } else {
        answer.reject(entity, wrong.stream().map(Violation::message).toList());
      }
    }
    Map<String, String> existing = existing(credential, inOrder);
    Map<ByteBuffer, Received> newest = new LinkedHashMap<>();
    List<byte[]> properties = properties(kind, credential, request.path("properties"));
    Set<String> reported = new LinkedHashSet<>();
    for (Map.Entry<ObjectNode, Associations> each : inOrder) {
      ObjectNode entity = each.getKey();
      Associations associations = each.getValue();
      Predicate<String> known = value -> existing.containsKey(Associations.canonical(value));
      answer.unknown(associations, known);
      if (associations.issues().stream().noneMatch(known) && !associations.hasOthers()) {
        answer.reject(entity, List.of(kind.noneKnown()));
        continue;
      }
      Set<String> keys = keys(credential, associations, existing);
      Associations.retain(
          entity,
          value -> {
            String canonical = Associations.canonical(value);
            return keys.contains(existing.getOrDefault(canonical, canonical));
          });
      byte[] document = Json.bytes(entity);
      if (document.length > LARGEST_ENTITY) {
        answer.reject(
            entity,
            List.of("The element is larger than the " + LARGEST_ENTITY + " bytes accepted."));
        continue;
      }
      answer.accept(entity);
      Received received =
          new Received(
              digest(type.identityOf(entity)),
              entity.path(type.sequenceField()).longValue(),
              updatedMillis(entity),
              document,
              keys,
              properties);
      newest.merge(
          ByteBuffer.wrap(received.identity()),
          received,
          (first, second) -> second.sequenceNumber() > first.sequenceNumber() ? second : first);
      associations.issues().stream()
          .map(Associations::canonical)
          .map(existing::get)
          .filter(Objects::nonNull)
          .forEach(reported::add);
    }
    return new Taken(answer, List.copyOf(newest.values()), reported);
  }

  private Map<String, String> existing(
      Credential credential, List<Map.Entry<ObjectNode, Associations>> entities) {
    Set<String> asked = new LinkedHashSet<>();
    for (Map.Entry<ObjectNode, Associations> entity : entities) {
      for (String value : entity.getValue().issues()) {
        String canonical = Associations.canonical(value);
        if (!Associations.isKey(canonical) || credential.mayReportOn(canonical)) {
          asked.add(canonical);
        }
      }
    }
    Map<String, String> existing = new HashMap<>(issues.existing(asked));
    existing.values().removeIf(key -> !credential.mayReportOn(key));
    return existing;
  }

  /** The issues that exist, and those it may report on that do not exist yet. */
  private static Set<String> keys(
      Credential credential, Associations associations, Map<String, String> existing) {
    Set<String> keys = new LinkedHashSet<>();
    for (String value : associations.issues()) {
      String canonical = Associations.canonical(value);
      String key = existing.get(canonical);
      if (key != null) {
        keys.add(key);
      } else if (Associations.isKey(canonical) && credential.mayReportOn(canonical)) {
        keys.add(canonical);
      }
    }
    return keys;
  }

  /** Digests of properties: of this credential and kind, and of no use to anybody else. */
  List<byte[]> properties(Kind kind, Credential credential, JsonNode properties) {
    List<byte[]> digests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      if (property.getValue().isString()) {
        digests.add(
            property(kind, credential, property.getKey(), property.getValue().stringValue()));
      }
    }
    return digests;
  }

  byte[] property(Kind kind, Credential credential, String name, String value) {
    return sealer.fingerprint(
        "receive-property", credential.id() + " " + kind.type().name() + " " + name + ":" + value);
  }

  static byte[] digest(List<String> identity) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (String part : identity) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        sha.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        sha.update(bytes);
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static long updatedMillis(ObjectNode entity) {
    String text = Shape.present(entity, "lastUpdated").map(JsonNode::asString).orElse("");
    try {
      long seconds = OffsetDateTime.parse(text).toEpochSecond();
      long millis = Math.max(EARLIEST_MILLIS, Math.min(seconds, LATEST_MILLIS / 1000)) * 1000;
      return millis + OffsetDateTime.parse(text).getNano() / 1_000_000;
    } catch (DateTimeException e) {
      return EARLIEST_MILLIS;
    }
  }
}
