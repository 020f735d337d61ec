package dev.onbehalf.server.web;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which of our own handlers answers which exact raw path, relative to a public URL. Anything not
 * listed here belongs to the upstream.
 */
public final class Routes {
  /** The one reserved prefix for our own pages. */
  public static final String OWN_PREFIX = "/-/onbehalf";

  private final Map<String, WebHandler> handlers = new HashMap<>();
  private final Map<String, WebHandler> trees = new LinkedHashMap<>();
  private final Map<String, Function<String, Optional<WebHandler>>> families =
      new LinkedHashMap<>();

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

  /**
   * Adds a handler for every path below {@code prefix} that has none of its own.
   *
   * @param prefix a prefix below {@link #OWN_PREFIX} that ends with a slash
   * @throws IllegalArgumentException if it is another prefix
   * @throws IllegalStateException if it is taken
   */
  public Routes addTree(String prefix, WebHandler handler) {
    if (!prefix.startsWith(OWN_PREFIX + "/") || !prefix.endsWith("/")) {
      throw new IllegalArgumentException(prefix + " is not below " + OWN_PREFIX + ".");
    }
    if (trees.putIfAbsent(prefix, handler) != null) {
      throw new IllegalStateException("Two handlers below " + prefix + ".");
    }
    return this;
  }

  /**
   * Adds handlers below a prefix of which other paths belong to the upstream.
   *
   * @param prefix starts and ends with a slash
   * @param family finds the handler of a raw path; empty for one of the upstream
   */
  public Routes addFamily(String prefix, Function<String, Optional<WebHandler>> family) {
    if (families.putIfAbsent(prefix, family) != null) {
      throw new IllegalStateException("Two families below " + prefix + ".");
    }
    return this;
  }

  /** Finds the handler of a raw path (after the context path). */
  public Optional<WebHandler> find(String rawPath) {
    WebHandler handler = handlers.get(rawPath);
    if (handler != null) {
      return Optional.of(handler);
    }
    if (!reserved(rawPath)) {
      for (Map.Entry<String, Function<String, Optional<WebHandler>>> family : families.entrySet()) {
        if (rawPath.startsWith(family.getKey())) {
          return family.getValue().apply(rawPath);
        }
      }
      return Optional.empty();
    }
    return trees.entrySet().stream()
        .filter(tree -> rawPath.startsWith(tree.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Whether the path is under the reserved prefix, and so never the upstream's. */
  public static boolean reserved(String rawPath) {
    return rawPath.equals(OWN_PREFIX) || rawPath.startsWith(OWN_PREFIX + "/");
  }
}
