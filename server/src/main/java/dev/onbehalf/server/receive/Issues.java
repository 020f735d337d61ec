package dev.onbehalf.server.receive;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which issues there are: a door for lists of projects and for a linked Jira alike. */
@FunctionalInterface
public interface Issues {

  /**
   * What is known of issues.
   *
   * @param existing the key, in capitals, of each that exists, by the key or id that was asked for
   * @param undetermined those of which nobody can tell now
   */
  record Found(Map<String, String> existing, Set<String> undetermined) {
    public Found {
      existing = Map.copyOf(existing);
      undetermined = Set.copyOf(undetermined);
    }
  }

  /**
   * Looks many issues up at once.
   *
   * @param keysOrIds issue keys in capitals, and numeric issue ids
   */
  Found find(Set<String> keysOrIds);

  /**
   * Looks many issues up at once, for readers: an issue of which nobody can tell now is shown.
   *
   * @param keys issue keys in capitals
   * @return the key, in capitals, of each that may be shown
   */
  default Map<String, String> existing(Set<String> keys) {
    Found found = find(keys);
    Map<String, String> existing = new HashMap<>(found.existing());
    found.undetermined().forEach(key -> existing.put(key, key));
    return existing;
  }
}
