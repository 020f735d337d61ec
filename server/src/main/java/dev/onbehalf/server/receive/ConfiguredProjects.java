package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.IssueKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Counts every well-formed key of the listed projects as an issue; numeric ids are never known. */
final class ConfiguredProjects implements Issues {
  private final Set<String> projects;

  /** Without a project, those of all count. */
  ConfiguredProjects(Set<String> projects) {
    this.projects = Set.copyOf(projects);
  }

  @Override
  public Map<String, String> existing(Set<String> keysOrIds) {
    Map<String, String> existing = new HashMap<>();
    for (String key : keysOrIds) {
      if (IssueKeys.isKey(key)
          && (projects.isEmpty() || projects.contains(key.substring(0, key.lastIndexOf('-'))))) {
        existing.put(key, key);
      }
    }
    return existing;
  }
}
