package dev.onbehalf.server.policy;

import dev.onbehalf.server.access.AccessRule;
import java.util.List;

/** Holds requests against rules where no consumer takes part. */
public final class RulePaths {
  private RulePaths() {}

  /**
   * Whether one of the rules allows the method on every reading of the path; never where the path
   * is ambiguous.
   */
  public static boolean allow(List<AccessRule> rules, String method, CanonicalPath path) {
    return path.ambiguity() == null
        && path.readings().stream()
            .allMatch(
                reading ->
                    rules.stream()
                        .anyMatch(
                            rule ->
                                (rule.methods().isEmpty() || rule.methods().contains(method))
                                    && PathPattern.of(rule.pathPattern()).matches(reading)));
  }

  /** Whether a name such as {@code team/app} matches a pattern such as {@code team/**}. */
  public static boolean matches(String pattern, String name) {
    return PathPattern.of(pattern).matches(List.of(name.split("/", -1)));
  }
}
