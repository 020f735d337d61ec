package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields that builds, deployments and remote links have in common. */
abstract class ReportBuilder<B extends ReportBuilder<B>> extends EntityBuilder<B> {
  ReportBuilder() {
    json.put("schemaVersion", "1.0");
  }

  /** The order among the updates of this entity; by default the sender numbers it. */
  @CanIgnoreReturnValue
  public B updateSequenceNumber(long number) {
    return put("updateSequenceNumber", number);
  }

  /** Required, at most 255 characters. */
  @CanIgnoreReturnValue
  public B displayName(String name) {
    return put("displayName", name);
  }

  /** At most 255 characters; a deployment must have one. */
  @CanIgnoreReturnValue
  public B description(String text) {
    return put("description", text);
  }

  /** Required; sent with millisecond resolution. */
  @CanIgnoreReturnValue
  public B lastUpdated(Instant time) {
    return put("lastUpdated", Report.wire(time));
  }

  @CanIgnoreReturnValue
  final B associate(String type, Collection<String> values) {
    if (!values.isEmpty()) {
      ObjectNode association = json.withArray("associations").addObject();
      association.put("associationType", type);
      ArrayNode array = association.putArray("values");
      values.forEach(array::add);
    }
    return self();
  }
}
