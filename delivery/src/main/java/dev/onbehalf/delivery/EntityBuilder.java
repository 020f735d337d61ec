package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Collects the fields of an entity in a draft; {@code B} is the builder itself. */
abstract class EntityBuilder<B extends EntityBuilder<B>> {
  final ObjectNode json = Report.object();

  abstract B self();

  /** Required, an absolute http(s) URL of at most 2000 characters. */
  @CanIgnoreReturnValue
  public B url(String url) {
    return put("url", url);
  }

  @CanIgnoreReturnValue
  final B put(String field, String value) {
    json.put(field, value);
    return self();
  }

  @CanIgnoreReturnValue
  final B put(String field, long value) {
    json.put(field, value);
    return self();
  }

  @CanIgnoreReturnValue
  final B put(String field, Collection<String> values) {
    ArrayNode array = json.putArray(field);
    values.forEach(array::add);
    return self();
  }

  @CanIgnoreReturnValue
  final B add(String field, ObjectNode value) {
    json.withArray(field).add(value);
    return self();
  }
}
