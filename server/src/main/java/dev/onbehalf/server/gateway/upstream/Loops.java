package dev.onbehalf.server.gateway.upstream;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/**
 * The event loops on which connections are opened: those that serve the clients, so that a request
 * and its answer need no other thread.
 */
public interface Loops {

  /** Opens a connection to {@code address}; never blocks. */
  void connect(InetSocketAddress address, Attempt attempt);

  /** One connection to be opened, and what becomes of it. */
  interface Attempt {
    /** Returns the loop to open it on; null for any. */
    @Nullable ManagedSelector loop();

    /** Returns the time to connect. */
    Duration connectTimeout();

    /** Returns the time without a byte after which the connection is told so. */
    Duration idleTimeout();

    /** Makes the connection of an open end point. */
    Connection opened(EndPoint endPoint, ManagedSelector loop) throws java.io.IOException;

    /** Hears that there is no connection. */
    void failed(Throwable cause);
  }
}
