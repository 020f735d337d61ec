package dev.onbehalf.server.receive;

import java.util.Map;
import java.util.Set;

/** Which issues there are: a door for lists of projects and for a linked Jira alike. */
@FunctionalInterface
public interface Issues {

  /**
   * Looks many issues up at once.
   *
   * @param keysOrIds issue keys in capitals, and numeric issue ids
   * @return the key, in capitals, of each that exists
   */
  Map<String, String> existing(Set<String> keysOrIds);
}
