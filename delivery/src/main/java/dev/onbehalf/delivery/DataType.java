package dev.onbehalf.delivery;

import static dev.onbehalf.delivery.Shape.object;
import static dev.onbehalf.delivery.Shape.optional;
import static dev.onbehalf.delivery.Shape.properties;
import static dev.onbehalf.delivery.Shape.required;
import static dev.onbehalf.delivery.Shape.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The description of one kind of data of Jira's provider APIs: where it is posted, what identifies
 * an entity, its {@link Shape}, and how the answer names what became of it. Sender, spool and
 * receiver know nothing else of a kind, so that a further kind is one more constant here.
 *
 * <p>Follows {@code docs/peer-facts.md} 2.2 to 2.6.
 */
public final class DataType {
  /** Builds, 2.4. */
  public static final DataType BUILDS =
      named("builds", "0.1")
          .identity("pipelineId", "pipelineId", "buildNumber", "buildNumber")
          .answer(AnswerForm.KEYED_LIST, "acceptedBuilds", "rejectedBuilds")
          .noun("build")
          .relayEvent("build")
          .shape(Shapes.BUILD)
          .done();

  /** Deployments, 2.5. */
  public static final DataType DEPLOYMENTS =
      named("deployments", "0.1")
          .identity(
              "pipelineId", "pipeline.id",
              "environmentId", "environment.id",
              "deploymentSequenceNumber", "deploymentSequenceNumber")
          .answer(AnswerForm.KEYED_LIST, "acceptedDeployments", "rejectedDeployments")
          .noun("deployment")
          .relayEvent("deployment")
          .shape(Shapes.DEPLOYMENT)
          .done();

  /** Remote links, 2.6. */
  public static final DataType REMOTE_LINKS =
      named("remotelinks", "1.0")
          .collection("remoteLinks")
          .identity("id", "id")
          .answer(AnswerForm.ID_MAP, "acceptedRemoteLinks", "rejectedRemoteLinks")
          .noun("remote link")
          .shape(Shapes.REMOTE_LINK)
          .done();

  /** Development information (repositories with commits, branches, pull requests), 2.6. */
  public static final DataType DEVELOPMENT_INFORMATION =
      named("devinfo", "0.1")
          .collection("repositories")
          .identity("id", "id")
          .answer(AnswerForm.REPOSITORIES, "acceptedDevinfoEntities", "failedDevinfoEntities")
          .noun("repository")
          .sequenceField("updateSequenceId")
          .part("commits", "commit", Shapes.COMMIT)
          .part("branches", "branch", Shapes.BRANCH)
          .part("pullRequests", "pull_request", Shapes.PULL_REQUEST)
          .maxPerRequest(100)
          .shape(Shapes.REPOSITORY)
          .done();

  private static final List<DataType> ALL =
      List.of(BUILDS, DEPLOYMENTS, REMOTE_LINKS, DEVELOPMENT_INFORMATION);

  /** How the answer to a bulk request lists what became of its entities. */
  public enum AnswerForm {
    /** Accepted: array of key objects; rejected: array of {@code {key, errors}}. */
    KEYED_LIST,
    /** Accepted: array of ids; rejected: map of id to errors. */
    ID_MAP,
    /** Both maps keyed by repository. */
    REPOSITORIES
  }

  private final String name;
  private final String noun;
  private final String cloudVersion;
  private final String collection;
  private final List<KeyPart> identity;
  private final AnswerForm answerForm;
  private final String acceptedField;
  private final String rejectedField;
  private final String sequenceField;
  private final List<Part> parts;
  private final int maxPerRequest;
  private final @Nullable String relayEvent;
  private final Shape shape;
  private final Shape envelope;

  private DataType(Draft draft) {
    this.name = draft.name;
    this.noun = draft.noun;
    this.cloudVersion = draft.cloudVersion;
    this.collection = draft.collection;
    this.identity = List.copyOf(draft.identity);
    this.answerForm = draft.answerForm;
    this.acceptedField = draft.acceptedField;
    this.rejectedField = draft.rejectedField;
    this.sequenceField = draft.sequenceField;
    this.parts = List.copyOf(draft.parts);
    this.maxPerRequest = draft.maxPerRequest;
    this.relayEvent = draft.relayEvent;
    this.shape = draft.shape;
    this.envelope =
        object(
            optional("properties", properties(5, 255)),
            optional("providerMetadata", object(optional("product", text(255)))),
            required(collection, Shape.list(object(), 1, Integer.MAX_VALUE)));
  }

  private static Draft named(String name, String cloudVersion) {
    return new Draft(name, cloudVersion);
  }

  /** Returns every kind there is. */
  public static List<DataType> all() {
    return ALL;
  }

  /** Returns the kind with that {@link #name()}. */
  public static Optional<DataType> byName(String name) {
    return ALL.stream().filter(type -> type.name.equals(name)).findFirst();
  }

  /** The path segment that names the API, {@code builds} for instance. */
  public String name() {
    return name;
  }

  /** What one entity is called in a sentence. */
  public String noun() {
    return noun;
  }

  /** The path below the API host and {@code /jira/}, without the {@code /cloud/{id}} part. */
  public String cloudPath() {
    return name + '/' + cloudVersion;
  }

  /** The field of the request that holds the entities. */
  public String collection() {
    return collection;
  }

  /** The parts of an entity's identity, in the order of the paths of the read and delete calls. */
  public List<KeyPart> identity() {
    return identity;
  }

  public AnswerForm answerForm() {
    return answerForm;
  }

  public String acceptedField() {
    return acceptedField;
  }

  public String rejectedField() {
    return rejectedField;
  }

  /** The field that orders the updates of one entity. */
  public String sequenceField() {
    return sequenceField;
  }

  /** The lists within an entity whose items have an identity and updates of their own. */
  public List<Part> parts() {
    return parts;
  }

  /** How many entities one request may carry. */
  public int maxPerRequest() {
    return maxPerRequest;
  }

  /** The event type of the relay protocol (2.8); empty where the relay has none. */
  public Optional<String> relayEvent() {
    return Optional.ofNullable(relayEvent);
  }

  /** What one entity must look like on the wire. */
  public Shape shape() {
    return shape;
  }

  /** What a bulk request must look like, its entities apart: a violation is a 400. */
  public Shape envelope() {
    return envelope;
  }

  /**
   * Returns the identity of {@code entity}, a text for each part; empty text where it is absent.
   */
  public List<String> identityOf(JsonNode entity) {
    return identity.stream().map(part -> asText(part.in(entity))).toList();
  }

  /** Returns the identity an answer's key object names. */
  public List<String> identityOfKey(JsonNode key) {
    return identity.stream()
        .map(part -> asText(Shape.present(key, part.name()).orElse(null)))
        .toList();
  }

  /** Returns the key object of {@code entity} as answers hold it. */
  public ObjectNode keyOf(JsonNode entity) {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    for (KeyPart part : identity) {
      JsonNode value = part.in(entity);
      if (value != null) {
        key.set(part.name(), value);
      }
    }
    return key;
  }

  /** Returns a short text for people that names the entity. */
  public String describe(List<String> identity) {
    return noun + " " + String.join(" / ", identity);
  }

  /** Sets the sequence number of {@code entity} and of everything in it that has one. */
  public void stamp(ObjectNode entity, long number) {
    stampWithin(entity, number);
    for (Part part : parts) {
      Shape.present(entity, part.field())
          .ifPresent(
              list -> {
                for (JsonNode item : list) {
                  stampWithin(item, number);
                }
              });
    }
  }

  private void stampWithin(JsonNode item, long number) {
    if (item instanceof ObjectNode object) {
      object.put(sequenceField, number);
      Shape.present(object, "lastCommit").ifPresent(commit -> stampWithin(commit, number));
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static String asText(@Nullable JsonNode value) {
    return value == null || value.isContainer() ? "" : value.asString();
  }

  /**
   * One part of an identity.
   *
   * @param name its name in answers
   * @param path where it stands in the entity, {@code pipeline.id} for instance
   */
  public record KeyPart(String name, String path) {
    private @Nullable JsonNode in(JsonNode entity) {
      JsonNode at = entity;
      for (String step : path.split("\\.", -1)) {
        at = at == null ? null : at.get(step);
      }
      return at;
    }
  }

  /**
   * A list within an entity.
   *
   * @param field the field that holds it
   * @param name what one item is called in paths
   * @param shape what one item must look like; its identity is its {@code id}
   */
  public record Part(String field, String name, Shape shape) {}

  private static final class Draft {
    private final String name;
    private final String cloudVersion;
    private final List<KeyPart> identity = new ArrayList<>();
    private String collection;
    private String noun = "";
    private AnswerForm answerForm = AnswerForm.KEYED_LIST;
    private String acceptedField = "";
    private String rejectedField = "";
    private String sequenceField = "updateSequenceNumber";
    private final List<Part> parts = new ArrayList<>();
    private int maxPerRequest = 100;
    private @Nullable String relayEvent;
    private Shape shape = object();

    Draft(String name, String cloudVersion) {
      this.name = name;
      this.cloudVersion = cloudVersion;
      this.collection = name;
    }

    Draft collection(String field) {
      collection = field;
      return this;
    }

    Draft noun(String text) {
      noun = text;
      return this;
    }

    Draft identity(String... namesAndPaths) {
      for (int i = 0; i < namesAndPaths.length; i += 2) {
        identity.add(new KeyPart(namesAndPaths[i], namesAndPaths[i + 1]));
      }
      return this;
    }

    Draft answer(AnswerForm form, String accepted, String rejected) {
      answerForm = form;
      acceptedField = accepted;
      rejectedField = rejected;
      return this;
    }

    Draft sequenceField(String field) {
      sequenceField = field;
      return this;
    }

    Draft part(String field, String name, Shape item) {
      parts.add(new Part(field, name, item));
      return this;
    }

    Draft maxPerRequest(int entities) {
      maxPerRequest = entities;
      return this;
    }

    Draft relayEvent(String event) {
      relayEvent = event;
      return this;
    }

    Draft shape(Shape entity) {
      shape = entity;
      return this;
    }

    DataType done() {
      return new DataType(this);
    }
  }
}
