package dev.onbehalf.server.gateway.upstream;

import dev.onbehalf.server.gateway.upstream.UpstreamException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one upstream over connections that are kept open (RFC 9112 section 9.3).
 *
 * <p>A request that fails on a kept connection before a byte of the answer came is sent once more
 * on a fresh one if it is repeatable (RFC 9110 section 9.2.2).
 */
public final class UpstreamClient implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 4096;
  private static final int INPUT_BUFFER_BYTES = 16 * 1024;

  private final String host;
  private final int port;
  private final Duration connectTimeout;
  private final Duration responseTimeout;
  private final int maxHeaderBytes;
  private final Loops loops;
  private final Executor executor;
  private final ByteBufferPool buffers;
  private final SslContextFactory.@Nullable Client tls;
  private final IdleConnections idle = new IdleConnections();
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * Prepares a client.
   *
   * @param secure whether the upstream speaks TLS; its certificate must be trusted by the JVM
   * @param host name or address
   * @param port port
   * @param connectTimeout time to connect
   * @param responseTimeout time without a byte
   * @param maxHeaderBytes largest header of an answer
   * @param loops where connections are opened
   * @param executor for what may block: resolving the name
   */
  public UpstreamClient(
      boolean secure,
      String host,
      int port,
      Duration connectTimeout,
      Duration responseTimeout,
      int maxHeaderBytes,
      Loops loops,
      Executor executor,
      ByteBufferPool buffers) {
    this.host = host;
    this.port = port;
    this.connectTimeout = connectTimeout;
    this.responseTimeout = responseTimeout;
    this.maxHeaderBytes = maxHeaderBytes;
    this.loops = loops;
    this.executor = executor;
    this.buffers = buffers;
    this.tls = secure ? new SslContextFactory.Client() : null;
    if (tls != null) {
      tls.setEndpointIdentificationAlgorithm("HTTPS");
    }
  }

  /** Reads the trust store, where the upstream speaks TLS. */
  public void start() throws Exception {
    if (tls != null) {
      tls.start();
    }
  }

  @Override
  public void close() throws Exception {
    if (tls != null) {
      tls.stop();
    }
  }

  /**
   * Sends a request; never blocks.
   *
   * @param loop the event loop on which its client is served; null for any
   */
  public UpstreamCall send(
      UpstreamRequest request, UpstreamListener listener, @Nullable ManagedSelector loop) {
    UpstreamCall call = new UpstreamCall(request, listener, loop);
    UpstreamConnection kept = kept(loop);
    while (kept != null) {
      if (kept.start(call)) {
        return call;
      }
      kept = kept(loop);
    }
    connect(call);
    return call;
  }

  private @Nullable UpstreamConnection kept(@Nullable ManagedSelector loop) {
    UpstreamConnection kept = loop == null ? null : idle.take(loop);
    boolean any = loop == null || connections.get() >= MAX_CONNECTIONS;
    return kept == null && any ? idle.takeAny() : kept;
  }

  void connect(UpstreamCall call) {
    if (connections.incrementAndGet() > MAX_CONNECTIONS) {
      connections.decrementAndGet();
      call.fail(
          new UpstreamException(Reason.BUSY, "Too many requests are under way to the upstream."));
      return;
    }
    try {
      executor.execute(() -> resolveAndConnect(call));
    } catch (RejectedExecutionException e) {
      connectFailed(call, e);
    }
  }

  private void resolveAndConnect(UpstreamCall call) {
    try {
      connectTo(List.of(InetAddress.getAllByName(host)).iterator(), call);
    } catch (UnknownHostException e) {
      connectFailed(call, e);
    }
  }

  private void connectTo(Iterator<InetAddress> addresses, UpstreamCall call) {
    loops.connect(new InetSocketAddress(addresses.next(), port), new Opening(addresses, call));
  }

  private void connectFailed(UpstreamCall call, Throwable cause) {
    connections.decrementAndGet();
    call.fail(
        new UpstreamException(
            Reason.UNREACHABLE, "No connection to " + host + " port " + port + ".", cause));
  }

  void release(UpstreamConnection connection) {
    if (!idle.keep(connection)) {
      connection.close();
    }
  }

  void forget(UpstreamConnection connection) {
    idle.remove(connection);
  }

  void closed(UpstreamConnection connection) {
    connections.decrementAndGet();
    forget(connection);
  }

  /** A connection for a request that found none waiting. */
  private final class Opening implements Loops.Attempt {
    private final Iterator<InetAddress> addresses;
    private final UpstreamCall call;

    Opening(Iterator<InetAddress> addresses, UpstreamCall call) {
      this.addresses = addresses;
      this.call = call;
    }

    @Override
    public @Nullable ManagedSelector loop() {
      return call.loop();
    }

    @Override
    public Duration connectTimeout() {
      return connectTimeout;
    }

    @Override
    public Duration idleTimeout() {
      return responseTimeout;
    }

    @Override
    public Connection opened(EndPoint endPoint, ManagedSelector loop) throws IOException {
      ClientConnectionFactory http =
          (end, context) -> {
            UpstreamConnection connection =
                new UpstreamConnection(end, UpstreamClient.this, loop, call);
            end.setConnection(connection);
            return connection;
          };
      Map<String, Object> context = new HashMap<>();
      if (tls == null) {
        return http.newConnection(endPoint, context);
      }
      context.put(
          ClientConnector.REMOTE_SOCKET_ADDRESS_CONTEXT_KEY,
          InetSocketAddress.createUnresolved(host, port));
      return new SslClientConnectionFactory(tls, buffers, executor, http)
          .newConnection(endPoint, context);
    }

    @Override
    public void failed(Throwable cause) {
      if (addresses.hasNext()) {
        connectTo(addresses, call);
      } else {
        connectFailed(call, cause);
      }
    }
  }

  Executor executor() {
    return executor;
  }

  ByteBufferPool buffers() {
    return buffers;
  }

  int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  int inputBufferSize() {
    return INPUT_BUFFER_BYTES;
  }
}
