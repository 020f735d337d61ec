package dev.onbehalf.server.access;

import dev.onbehalf.server.people.Person;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom a consumer may impersonate, once impersonation is switched on for it.
 *
 * @param users user names it may name
 * @param groups groups whose members it may name; with no user and no group listed, anybody
 * @param protectedPeople whether it may name people who are listed as protected
 */
public record ImpersonationLimits(Set<String> users, Set<String> groups, boolean protectedPeople) {
  /** Anybody who is not protected. */
  public static final ImpersonationLimits DEFAULT =
      new ImpersonationLimits(Set.of(), Set.of(), false);

  public ImpersonationLimits {
    users = Set.copyOf(users);
    groups = Set.copyOf(groups);
  }

  /**
   * Whether {@code person} may be impersonated; names count without regard to case.
   *
   * @param isProtected who is listed as protected, such as administrators
   */
  public boolean allow(Person person, Predicate<Person> isProtected) {
    if (!protectedPeople && isProtected.test(person)) {
      return false;
    }
    return (users.isEmpty() && groups.isEmpty()) || among(person, users, groups);
  }

  /** Lists people by name or by group, without regard to case. */
  public static Predicate<Person> listed(Collection<String> users, Collection<String> groups) {
    List<String> names = List.copyOf(users);
    List<String> groupNames = List.copyOf(groups);
    return person -> among(person, names, groupNames);
  }

  private static boolean among(Person person, Collection<String> users, Collection<String> groups) {
    return users.stream().anyMatch(person.name()::equalsIgnoreCase)
        || groups.stream()
            .anyMatch(group -> person.groups().stream().anyMatch(group::equalsIgnoreCase));
  }
}
