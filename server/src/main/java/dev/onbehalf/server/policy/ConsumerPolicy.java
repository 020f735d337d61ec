package dev.onbehalf.server.policy;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.onbehalf.server.access.AccessPolicy;
import dev.onbehalf.server.access.AccessRule;
import dev.onbehalf.server.access.Caller;
import dev.onbehalf.server.access.Grants;
import dev.onbehalf.server.access.PermissionSet;
import dev.onbehalf.server.access.Permissions;
import dev.onbehalf.server.people.Person;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Least privilege: a request must be allowed by the consumer's permissions and by its token's, on
 * every reading of its path, and an impersonated person must be one the consumer may name.
 *
 * <p>Protocol upgrades count as the method {@code CONNECT} (RFC 8441 section 4): what goes through
 * a tunnel cannot be told to be reading.
 */
public final class ConsumerPolicy implements AccessPolicy {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private static final Set<String> CONTAINERS = Set.of("job", "item", "view");

  /** Actions of Jenkins and Hudson that start builds, wherever they stand in a path. */
  private static final Set<String> STARTING =
      Set.of("build", "buildWithParameters", "buildByToken", "polling", "forceschedulers");

  /** Actions that old servers carry out on GET, whatever follows them in the path. */
  private static final Set<String> CHANGING =
      Set.of(
          "quietDown",
          "cancelQuietDown",
          "toggleLogKeep",
          "restart",
          "safeRestart",
          "exit",
          "safeExit",
          "reload",
          "doDelete",
          "disable",
          "enable",
          "stop",
          "toggleOffline",
          "launchSlaveAgent",
          "createItem",
          "cancelItem",
          "cancelQueue",
          "wipeOutWorkspace",
          "doWipeOutWorkspace",
          "script",
          "scriptText");

  /** Starting a build at Jenkins and Hudson, and at Buildbot; some start on GET as well. */
  private static final List<PathPattern> BUILD_TRIGGERS =
      List.of(
          PathPattern.of("/**/job/*/build"),
          PathPattern.of("/**/job/*/buildWithParameters"),
          PathPattern.of("/**/api/v2/forceschedulers/*"));

  /** The same where a server that decodes twice sees a branch name as several segments. */
  private static final List<PathPattern> BUILD_TRIGGERS_DECODED_TWICE =
      List.of(
          PathPattern.of("/**/job/*/**/build"),
          PathPattern.of("/**/job/*/**/buildWithParameters"),
          PathPattern.of("/**/api/v2/forceschedulers/**"));

  private final Grants grants;
  private final Predicate<Person> isProtected;
  private final LoadingCache<String, PathPattern> patterns =
      Caffeine.newBuilder().maximumSize(10_000).build(PathPattern::of);

  /**
   * Prepares a policy.
   *
   * @param isProtected who may be impersonated only by consumers that say so, such as
   *     administrators
   */
  public ConsumerPolicy(Grants grants, Predicate<Person> isProtected) {
    this.grants = grants;
    this.isProtected = isProtected;
  }

  @Override
  public @Nullable String refusal(
      Caller caller, String application, String method, String rawPath) {
    Optional<Grants.Grant> found = grants.of(caller);
    if (found.isEmpty()) {
      return "The consumer or the token is no longer valid.";
    }
    Grants.Grant grant = found.get();
    if (caller.mode() == Caller.Mode.IMPERSONATED
        && !grant.impersonation().allow(caller.person(), isProtected)) {
      return "This consumer may not act as the person it names.";
    }
    CanonicalPath path = null;
    for (Permissions permissions : grant.permissions()) {
      if (permissions.unlimited()) {
        continue;
      }
      path = path == null ? CanonicalPath.of(rawPath) : path;
      if (path.ambiguity() != null) {
        return path.ambiguity() + " What is granted depends on the path; send it plainly.";
      }
      List<PathPattern> triggers = BUILD_TRIGGERS;
      for (List<String> reading : path.readings()) {
        if (!allows(permissions, method, reading, triggers)) {
          return "This request is beyond what was granted, which is: "
              + String.join(", ", permissions.texts())
              + ".";
        }
        triggers = BUILD_TRIGGERS_DECODED_TWICE;
      }
    }
    return null;
  }

  private boolean allows(
      Permissions permissions, String method, List<String> path, List<PathPattern> triggers) {
    for (PermissionSet set : permissions.sets()) {
      if (allows(set, method, path, triggers)) {
        return true;
      }
    }
    for (AccessRule rule : permissions.rules()) {
      if ((rule.methods().isEmpty() || rule.methods().contains(method))
          && patterns.get(rule.pathPattern()).matches(path)) {
        return true;
      }
    }
    return false;
  }

  private static boolean allows(
      PermissionSet set, String method, List<String> path, List<PathPattern> triggers) {
    return switch (set) {
      case EVERYTHING -> true;
      case READ_ONLY ->
          READING.contains(method) && !holdsAny(STARTING, path) && !holdsAny(CHANGING, path);
      case TRIGGER_BUILDS ->
          (READING.contains(method) && !holdsAny(CHANGING, path))
              || (method.equals("POST") && matchesAny(triggers, path));
    };
  }

  private static boolean holdsAny(Set<String> names, List<String> path) {
    for (int i = 0; i < path.size(); i++) {
      if (names.contains(path.get(i)) && !isJobName(path, i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a segment names a job, as in {@code /job/build/}, and not an action on one. */
  private static boolean isJobName(List<String> path, int place) {
    return place > 0
        && path.get(place - 1).equals("job")
        && (place < 2 || !CONTAINERS.contains(path.get(place - 2)));
  }

  private static boolean matchesAny(List<PathPattern> patterns, List<String> path) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(path));
  }
}
