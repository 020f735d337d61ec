package dev.onbehalf.server.config;

import java.nio.file.Path;
import java.util.List;

/**
 * Where people come from.
 *
 * @param usersFile YAML file of users, groups and password hashes
 * @param protectedUsers names of people whom only consumers that say so may impersonate
 * @param protectedGroups groups whose members are protected alike
 */
public record PeopleConfig(
    Path usersFile, List<String> protectedUsers, List<String> protectedGroups) {

  public PeopleConfig {
    protectedUsers = List.copyOf(protectedUsers);
    protectedGroups = List.copyOf(protectedGroups);
  }

  /** Nobody is protected. */
  public PeopleConfig(Path usersFile) {
    this(usersFile, List.of(), List.of());
  }
}
