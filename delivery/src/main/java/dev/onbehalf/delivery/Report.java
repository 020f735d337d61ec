package dev.onbehalf.delivery;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One entity to report: immutable, and within every limit of its {@link DataType}. */
public abstract sealed class Report permits Build, Deployment, RemoteLink, Repository {
  private final DataType type;
  private final ObjectNode json;

  Report(DataType type, ObjectNode draft) {
    this.type = type;
    this.json = checked(type.noun(), type.shape(), type, draft);
  }

  /** Returns the kind of data this is. */
  public DataType type() {
    return type;
  }

  /** Returns what identifies the entity among those of its kind. */
  public List<String> identity() {
    return type.identityOf(json);
  }

  /**
   * Returns the entity as it goes over the wire, a copy of its own; without a sequence number
   * unless one was given, since the sender stamps it.
   */
  public ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Report that && type == that.type && json.equals(that.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return type.describe(identity());
  }

  /** Returns a copy of {@code draft}, which may lack the sequence number the sender will stamp. */
  static ObjectNode checked(String what, Shape shape, DataType type, ObjectNode draft) {
    ObjectNode copy = draft.deepCopy();
    ObjectNode stamped = copy.deepCopy();
    if (!copy.has(type.sequenceField())) {
      type.stamp(stamped, 0);
    }
    List<Violation> violations = shape.violations(stamped);
    if (!violations.isEmpty()) {
      throw new InvalidReportException(what, violations);
    }
    return copy;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String wire(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
