package dev.onbehalf.server.people;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person the directory knows.
 *
 * @param name the user name, as the directory spells it
 * @param identity what stays the same when a name is given to somebody else: tokens are bound to it
 * @param displayName the name shown to people
 * @param email mail address; null where unknown
 * @param groups names of the groups
 * @param active false for a person who may not sign in or be acted for
 */
public record Person(
    String name,
    String identity,
    String displayName,
    @Nullable String email,
    Set<String> groups,
    boolean active) {

  public Person {
    groups = Set.copyOf(groups);
  }
}
