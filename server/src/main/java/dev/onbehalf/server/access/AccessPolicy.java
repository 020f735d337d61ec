package dev.onbehalf.server.access;

import org.jspecify.annotations.Nullable;

/** Says whether a caller may do what it asks: the gateway's second question. */
@FunctionalInterface
public interface AccessPolicy {

  /**
   * Decides on a request of {@code caller}.
   *
   * @param rawPath the path as it came, within the application, starting with a slash
   * @return null if allowed, else one sentence the caller may know
   */
  @Nullable String refusal(Caller caller, String application, String method, String rawPath);
}
