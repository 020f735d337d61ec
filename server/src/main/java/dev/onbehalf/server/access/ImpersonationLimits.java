package dev.onbehalf.server.access;

import java.util.Set;

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
}
