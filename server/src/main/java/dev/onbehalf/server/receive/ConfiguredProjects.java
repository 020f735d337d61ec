package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.IssueKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts issues of the listed projects alone: every well-formed key of them, or those a linked Jira
 * has. Issues of other projects are not asked about by their keys.
 */
final class ConfiguredProjects implements Issues {
  private final Set<String> projects;
  private final @Nullable Issues linked;

  /**
   * Takes the projects.
   *
   * @param projects keys; without one, all count
   * @param linked who knows the issues of these projects; null where every well-formed key is one,
   *     and no numeric id
   */
  ConfiguredProjects(Set<String> projects, @Nullable Issues linked) {
    this.projects = Set.copyOf(projects);
    this.linked = linked;
  }

  @Override
  public Found find(Set<String> keysOrIds) {
    Map<String, String> existing = new HashMap<>();
    Set<String> asked = new HashSet<>();
    for (String each : keysOrIds) {
      if (!IssueKeys.isKey(each)) {
        asked.add(each);
      } else if (listed(each)) {
        asked.add(each);
        existing.put(each, each);
      }
    }
    if (linked == null) {
      return new Found(existing, Set.of());
    }
    Found found = linked.find(asked);
    Map<String, String> kept = new HashMap<>(found.existing());
    kept.values().removeIf(key -> !listed(key));
    return new Found(kept, found.undetermined());
  }

  private boolean listed(String key) {
    return projects.isEmpty() || projects.contains(key.substring(0, key.lastIndexOf('-')));
  }
}
