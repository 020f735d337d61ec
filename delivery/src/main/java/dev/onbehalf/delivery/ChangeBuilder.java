package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;

/** The fields that commits, branches and pull requests have in common. */
abstract class ChangeBuilder<B extends ChangeBuilder<B>> extends EntityBuilder<B> {
  /** Required, 1 to 500 keys. */
  @CanIgnoreReturnValue
  public B issueKeys(Collection<String> keys) {
    return put("issueKeys", keys);
  }

  @CanIgnoreReturnValue
  final B authorNamed(String name) {
    json.putObject("author").put("name", name);
    return self();
  }
}
