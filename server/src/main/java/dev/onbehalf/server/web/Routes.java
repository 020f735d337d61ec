package dev.onbehalf.server.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which of our own handlers answers which exact raw path, relative to a public URL. Anything not
 * listed here belongs to the upstream.
 */
public final class Routes {
  /** The one reserved prefix for our own pages. */
  public static final String OWN_PREFIX = "/-/onbehalf";

  private final Map<String, WebHandler> handlers = new HashMap<>();

  /**
   * Adds a handler for one exact path.
   *
   * @throws IllegalStateException if the path is taken
   */
  public Routes add(String path, WebHandler handler) {
    if (handlers.putIfAbsent(path, handler) != null) {
      throw new IllegalStateException("Two handlers for " + path + ".");
    }
    return this;
  }

  /** Finds the handler of a raw path (after the context path). */
  public Optional<WebHandler> find(String rawPath) {
    return Optional.ofNullable(handlers.get(rawPath));
  }

  /** Whether the path is under the reserved prefix, and so never the upstream's. */
  public static boolean reserved(String rawPath) {
    return rawPath.equals(OWN_PREFIX) || rawPath.startsWith(OWN_PREFIX + "/");
  }
}
