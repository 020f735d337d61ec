package dev.onbehalf.server.gateway.upstream;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/** Connections that wait for their next request, by the event loop they belong to. */
final class IdleConnections {
  private static final int MOST_PER_LOOP = 256;

  private final Map<ManagedSelector, ArrayDeque<UpstreamConnection>> loops =
      new ConcurrentHashMap<>();

  /** Takes the one that waits for the shortest time; null if none does on that loop. */
  @Nullable UpstreamConnection take(ManagedSelector loop) {
    ArrayDeque<UpstreamConnection> waiting = loops.get(loop);
    if (waiting == null) {
      return null;
    }
    synchronized (waiting) {
      return waiting.pollFirst();
    }
  }

  /** Takes one of whatever loop; null if none waits. */
  @Nullable UpstreamConnection takeAny() {
    for (ManagedSelector loop : loops.keySet()) {
      UpstreamConnection taken = take(loop);
      if (taken != null) {
        return taken;
      }
    }
    return null;
  }

  /** Keeps a connection; false if there are enough. */
  boolean keep(UpstreamConnection connection) {
    ArrayDeque<UpstreamConnection> waiting =
        loops.computeIfAbsent(connection.loop(), loop -> new ArrayDeque<>());
    synchronized (waiting) {
      if (waiting.size() >= MOST_PER_LOOP) {
        return false;
      }
      waiting.addFirst(connection);
      return true;
    }
  }

  void remove(UpstreamConnection connection) {
    ArrayDeque<UpstreamConnection> waiting = loops.get(connection.loop());
    if (waiting != null) {
      synchronized (waiting) {
        waiting.remove(connection);
      }
    }
  }
}
