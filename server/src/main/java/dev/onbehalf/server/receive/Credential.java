package dev.onbehalf.server.receive;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2.0 client that may send builds and deployments and can do nothing else; {@code
 * docs/peer-facts.md} 2.1. Holds no secret.
 *
 * @param id our own number of it
 * @param clientId its client id on the wire
 * @param name the administrator's name for it
 * @param scopes what it may do with its own data
 * @param projects keys of the projects it may report on; empty: all
 * @param enabled whether it counts
 * @param expires when it ends; null for never
 * @param created when it was made
 * @param lastUsed when it last got a token or wrote; null for never
 * @param secrets its live secrets, the oldest first
 */
public record Credential(
    long id,
    String clientId,
    String name,
    Set<Scope> scopes,
    Set<String> projects,
    boolean enabled,
    @Nullable Instant expires,
    Instant created,
    @Nullable Instant lastUsed,
    List<LiveSecret> secrets) {

  /** Name of the server's own credential, by which it tries the receiving site. */
  public static final String OWN_NAME = "onbehalf-monitor";

  /** Project that only that credential may report on. */
  static final String OWN_PROJECT = "ONBEHALF_MONITOR";

  /** An issue key of that project. */
  public static final String OWN_ISSUE = OWN_PROJECT + "-1";

  public Credential {
    scopes = Set.copyOf(scopes);
    projects = Set.copyOf(projects);
    secrets = List.copyOf(secrets);
  }

  /**
   * A secret that counts; its value is known to its holder alone.
   *
   * @param id our own id of it
   * @param created when it was made
   * @param lastUsed when a token was last given for it; null for never
   */
  public record LiveSecret(String id, Instant created, @Nullable Instant lastUsed) {}

  /** Returns it with other terms. */
  public Credential with(
      String newName, Set<Scope> newScopes, Set<String> newProjects, @Nullable Instant newExpires) {
    return new Credential(
        id,
        clientId,
        newName,
        newScopes,
        newProjects,
        enabled,
        newExpires,
        created,
        lastUsed,
        secrets);
  }

  /** Returns it switched on or off. */
  public Credential withEnabled(boolean newEnabled) {
    return new Credential(
        id, clientId, name, scopes, projects, newEnabled, expires, created, lastUsed, secrets);
  }

  Credential withSecrets(List<LiveSecret> newSecrets) {
    return new Credential(
        id, clientId, name, scopes, projects, enabled, expires, created, lastUsed, newSecrets);
  }

  /** Whether it is the server's own, whose data no person sees. */
  public boolean own() {
    return projects.contains(OWN_PROJECT);
  }

  boolean lives(Instant now) {
    return enabled && (expires == null || now.isBefore(expires));
  }

  boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /** Whether it may report on an issue, by its key in capitals. */
  boolean mayReportOn(String issueKey) {
    String project = issueKey.substring(0, issueKey.lastIndexOf('-'));
    return projects.contains(project) || (projects.isEmpty() && !project.equals(OWN_PROJECT));
  }
}
