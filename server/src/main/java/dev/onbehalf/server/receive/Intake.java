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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides what of a bulk request is accepted, rejected and unknown; {@code docs/peer-facts.md} 2.3.
 * An issue of a project the credential may not report on is as unknown as one that does not exist.
 */
final class Intake {
  /** Bytes of the JSON of one entity: pages read hundreds of them at once. */
  static final int LARGEST_ENTITY = 100_000;

  private static final long LATEST_SECONDS = 253_402_300_799L;
  private static final List<String> TIMES =
      List.of("/lastUpdated", "/lastUpdate", "/authorTimestamp", "/lastCommit/authorTimestamp");

  private static final Shape LIST_OF_ITEMS =
      Shape.list(Shape.object(), 0, Kind.MOST_ITEMS_OF_A_LIST);

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

  /** An entity, or a part of one, that has its shape. */
  private record Candidate(
      ObjectNode json,
      DataType.@Nullable Part part,
      List<String> identity,
      @Nullable List<String> parent,
      Associations associations) {}

  /**
   * Looks through a bulk request.
   *
   * @throws Refused if its envelope is wrong
   */
  Taken take(Kind kind, Credential credential, ObjectNode request, Instant now) {
    DataType type = kind.type();
    checkEnvelope(kind, request);
    BulkAnswer answer = new BulkAnswer(type);
    List<Candidate> entities = new ArrayList<>();
    List<Candidate> parts = new ArrayList<>();
    for (JsonNode entity : request.path(type.collection())) {
      candidates(type, entity, answer, entities, parts);
    }
    List<Candidate> all = new ArrayList<>(entities);
    all.addAll(parts);
    Map<String, String> existing = existing(credential, all);
    List<byte[]> properties = properties(kind, credential, request.path("properties"));
    Map<String, Map<ByteBuffer, Received>> newest = new LinkedHashMap<>();
    newest.put(type.name(), new LinkedHashMap<>());
    type.parts().forEach(part -> newest.put(part.name(), new LinkedHashMap<>()));
    Set<String> reported = new LinkedHashSet<>();
    for (Candidate each : all) {
      Received received = received(kind, credential, each, existing, properties, answer, now);
      if (received != null) {
        Objects.requireNonNull(newest.get(received.kind()))
            .merge(
                ByteBuffer.wrap(received.identity()),
                received,
                (first, second) ->
                    second.sequenceNumber() > first.sequenceNumber() ? second : first);
        received.issueKeys().stream()
            .filter(key -> !received.absentKeys().contains(key))
            .forEach(reported::add);
      }
    }
    List<Received> written = new ArrayList<>();
    newest.values().forEach(ofKind -> written.addAll(ofKind.values()));
    return new Taken(answer, written, reported);
  }

  private static void checkEnvelope(Kind kind, ObjectNode request) {
    DataType type = kind.type();
    List<Violation> faults = type.envelope().violations(request);
    if (!faults.isEmpty()) {
      throw new Refused(400, faults.stream().map(Violation::message).toList());
    }
    JsonNode entities = request.path(type.collection());
    int items = 0;
    for (JsonNode entity : entities) {
      for (DataType.Part part : type.parts()) {
        items += entity.path(part.field()).size();
      }
    }
    if (entities.size() > kind.mostEntities() || items > Kind.MOST_ITEMS) {
      throw new Refused(
          413,
          List.of(
              "'%s' can have a maximum of %d elements in one request, and %d within them. Found %d and %d."
                  .formatted(
                      type.collection(),
                      kind.mostEntities(),
                      Kind.MOST_ITEMS,
                      entities.size(),
                      items)));
    }
  }

  private static void candidates(
      DataType type,
      JsonNode entity,
      BulkAnswer answer,
      List<Candidate> entities,
      List<Candidate> parts) {
    List<String> wrong = new ArrayList<>();
    JsonNode whole = entity;
    if (entity instanceof ObjectNode object && !type.parts().isEmpty()) {
      ObjectNode without = object.deepCopy();
      for (DataType.Part part : type.parts()) {
        Shape.object(Shape.optional(part.field(), LIST_OF_ITEMS))
            .violations(object)
            .forEach(fault -> wrong.add(fault.message()));
        without.remove(part.field());
      }
      whole = without;
    }
    type.shape().violations(whole).forEach(fault -> wrong.add(fault.message()));
    if (!wrong.isEmpty() || !(whole instanceof ObjectNode json)) {
      answer.reject(entity, wrong);
      return;
    }
    List<String> identity = type.identityOf(json);
    entities.add(new Candidate(json, null, identity, null, Associations.of(json)));
    for (DataType.Part part : type.parts()) {
      for (JsonNode item : entity.path(part.field())) {
        List<Violation> faults = part.shape().violations(item);
        String id = item.path("id").asString("");
        if (faults.isEmpty() && item instanceof ObjectNode object) {
          parts.add(
              new Candidate(
                  object, part, Kind.within(identity, id), identity, Associations.of(object)));
        } else {
          answer.rejectPart(identity, part, id, faults.stream().map(Violation::message).toList());
        }
      }
    }
  }

  private @Nullable Received received(
      Kind kind,
      Credential credential,
      Candidate candidate,
      Map<String, String> existing,
      List<byte[]> properties,
      BulkAnswer answer,
      Instant now) {
    Associations associations = candidate.associations();
    Predicate<String> known = value -> existing.containsKey(Associations.canonical(value));
    answer.unknown(associations, known);
    boolean container = candidate.part() == null && !kind.type().parts().isEmpty();
    if (!container
        && associations.issues().stream().noneMatch(known)
        && !associations.hasOthers()) {
      return rejected(candidate, answer, kind.noneKnown(candidate.part()));
    }
    Set<String> keys = keys(credential, associations, existing);
    ObjectNode json = candidate.json();
    Associations.retain(
        json,
        value -> {
          String canonical = Associations.canonical(value);
          return keys.contains(existing.getOrDefault(canonical, canonical));
        });
    byte[] document = Json.bytes(json);
    if (document.length > LARGEST_ENTITY) {
      return rejected(
          candidate,
          answer,
          "The element is larger than the " + LARGEST_ENTITY + " bytes accepted.");
    }
    DataType.Part part = candidate.part();
    List<String> parent = candidate.parent();
    if (part == null) {
      answer.accept(json);
    } else {
      answer.acceptPart(candidate.identity(), part);
    }
    Facets.Paths paths = kind.facets();
    return new Received(
        part == null ? kind.type().name() : part.name(),
        parent == null ? null : digest(parent),
        digest(candidate.identity()),
        json.path(kind.type().sequenceField()).longValue(),
        updatedMillis(json, now),
        document,
        keys,
        absent(associations, keys, existing),
        properties,
        part == null && paths != null ? paths.of(json) : null);
  }

  private static @Nullable Received rejected(
      Candidate candidate, BulkAnswer answer, String sentence) {
    DataType.Part part = candidate.part();
    List<String> parent = candidate.parent();
    if (part == null || parent == null) {
      answer.reject(candidate.json(), List.of(sentence));
    } else {
      answer.rejectPart(parent, part, candidate.json().path("id").asString(""), List.of(sentence));
    }
    return null;
  }

  private Map<String, String> existing(Credential credential, List<Candidate> candidates) {
    Set<String> asked = new LinkedHashSet<>();
    for (Candidate candidate : candidates) {
      for (String value : candidate.associations().issues()) {
        String canonical = Associations.canonical(value);
        if (!Associations.isKey(canonical) || credential.mayReportOn(canonical)) {
          asked.add(canonical);
        }
      }
    }
    if (credential.own()) {
      Map<String, String> own = new HashMap<>();
      asked.forEach(key -> own.put(key, key));
      return own;
    }
    Issues.Found found = issues.find(asked);
    Map<String, String> existing = new HashMap<>(found.existing());
    existing.values().removeIf(key -> !credential.mayReportOn(key));
    for (String unsure : found.undetermined()) {
      if (!Associations.isKey(unsure)) {
        throw new Refused(
            503,
            List.of("Issues cannot be looked up by their ids now; send it again, or use keys."));
      }
      existing.put(unsure, unsure);
    }
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

  /** Those of the keys that do not exist yet. */
  private static Set<String> absent(
      Associations associations, Set<String> keys, Map<String, String> existing) {
    Set<String> absent = new HashSet<>();
    for (String value : associations.issues()) {
      String canonical = Associations.canonical(value);
      if (keys.contains(canonical) && !existing.containsKey(canonical)) {
        absent.add(canonical);
      }
    }
    return absent;
  }

  private List<byte[]> properties(Kind kind, Credential credential, JsonNode properties) {
    List<byte[]> digests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      if (property.getValue().isString()) {
        digests.add(
            property(kind, credential, property.getKey(), property.getValue().stringValue()));
      }
    }
    return digests;
  }

  /** Digest of a property: of this credential and kind, and of no use to anybody else. */
  byte[] property(Kind kind, Credential credential, String name, String value) {
    return sealer.fingerprint(
        "receive-property",
        credential.id() + " " + kind.type().name() + " " + name.length() + ":" + name + value);
  }

  /** Digest of an identity, each part with its length. */
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

  private static long updatedMillis(ObjectNode entity, Instant now) {
    for (String path : TIMES) {
      String text = entity.at(path).asString("");
      if (!text.isEmpty()) {
        try {
          OffsetDateTime time = OffsetDateTime.parse(text);
          long seconds = Math.max(0, Math.min(time.toEpochSecond(), LATEST_SECONDS));
          return seconds * 1000 + time.getNano() / 1_000_000;
        } catch (DateTimeException e) {
          return now.toEpochMilli();
        }
      }
    }
    return now.toEpochMilli();
  }
}
