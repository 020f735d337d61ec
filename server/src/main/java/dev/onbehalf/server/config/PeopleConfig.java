package dev.onbehalf.server.config;

import java.nio.file.Path;

/**
 * Where people come from.
 *
 * @param usersFile YAML file of users, groups and password hashes
 */
public record PeopleConfig(Path usersFile) {}
