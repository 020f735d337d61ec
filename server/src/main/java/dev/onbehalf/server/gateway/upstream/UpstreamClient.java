package dev.onbehalf.server.gateway.upstream;

import dev.onbehalf.server.gateway.upstream.UpstreamException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
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
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one upstream over connections that are kept open (RFC 9112 section 9.3).
 *
 * <p>A request that fails on a kept connection before a byte of the answer came is sent once more
 * on a fresh one if it is repeatable (RFC 9110 section 9.2.2).
 */
public final class UpstreamClient implements AutoCloseable {
  /** How many threads of the executor each client keeps. */
  public static final int SELECTORS =
      Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  private static final int MAX_IDLE = 256;
  private static final int MAX_CONNECTIONS = 4096;
  private static final int INPUT_BUFFER_BYTES = 16 * 1024;

  private final String host;
  private final int port;
  private final boolean secure;
  private final int maxHeaderBytes;
  private final ClientConnector connector;
  private final Executor executor;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
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
   * @param executor for what may block: resolving the name
   */
  public UpstreamClient(
      boolean secure,
      String host,
      int port,
      Duration connectTimeout,
      Duration responseTimeout,
      int maxHeaderBytes,
      Executor executor,
      Scheduler scheduler,
      ByteBufferPool buffers) {
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.maxHeaderBytes = maxHeaderBytes;
    this.executor = executor;
    this.connector = secure ? new ClientConnector() : new PlainConnector();
    connector.setExecutor(executor);
    connector.setScheduler(scheduler);
    connector.setByteBufferPool(buffers);
    connector.setSelectors(SELECTORS);
    connector.setConnectTimeout(connectTimeout);
    connector.setIdleTimeout(responseTimeout);
    if (secure) {
      SslContextFactory.Client tls = new SslContextFactory.Client();
      tls.setEndpointIdentificationAlgorithm("HTTPS");
      connector.setSslContextFactory(tls);
    }
  }

  /** Opens the selectors. */
  public void start() throws Exception {
    connector.start();
  }

  @Override
  public void close() throws Exception {
    connector.stop();
  }

  /** Sends a request; never blocks. */
  public UpstreamCall send(UpstreamRequest request, UpstreamListener listener) {
    UpstreamCall call = new UpstreamCall(request, listener);
    UpstreamConnection kept = kept();
    while (kept != null) {
      if (kept.start(call)) {
        return call;
      }
      kept = kept();
    }
    connect(call);
    return call;
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
    InetSocketAddress address = new InetSocketAddress(addresses.next(), port);
    Map<String, Object> context = new HashMap<>();
    ClientConnectionFactory http =
        (endPoint, attributes) -> {
          UpstreamConnection connection = new UpstreamConnection(endPoint, this, call);
          endPoint.setConnection(connection);
          return connection;
        };
    SslContextFactory.Client tls = connector.getSslContextFactory();
    context.put(Transport.class.getName(), Transport.TCP_IP);
    context.put(
        ClientConnectionFactory.CONTEXT_KEY,
        secure ? connector.newSslClientConnectionFactory(tls, http) : http);
    context.put(
        ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
        Promise.<Connection>from(
            connection -> {},
            failure -> {
              if (addresses.hasNext()) {
                connectTo(addresses, call);
              } else {
                connectFailed(call, failure);
              }
            }));
    connector.connect(address, context);
  }

  private void connectFailed(UpstreamCall call, Throwable cause) {
    connections.decrementAndGet();
    call.fail(
        new UpstreamException(
            Reason.UNREACHABLE, "No connection to " + host + " port " + port + ".", cause));
  }

  private @Nullable UpstreamConnection kept() {
    synchronized (idle) {
      return idle.pollFirst();
    }
  }

  void release(UpstreamConnection connection) {
    boolean full;
    synchronized (idle) {
      full = idle.size() >= MAX_IDLE;
      if (!full) {
        idle.addFirst(connection);
      }
    }
    if (full) {
      connection.close();
    }
  }

  void forget(UpstreamConnection connection) {
    synchronized (idle) {
      idle.remove(connection);
    }
  }

  void closed(UpstreamConnection connection) {
    connections.decrementAndGet();
    forget(connection);
  }

  /** Does without the trust store, which takes long to read. */
  private static final class PlainConnector extends ClientConnector {
    @Override
    @SuppressWarnings("NullAway")
    protected SslContextFactory.Client newSslContextFactory() {
      return null;
    }
  }

  Executor executor() {
    return executor;
  }

  ByteBufferPool buffers() {
    return connector.getByteBufferPool();
  }

  int maxHeaderBytes() {
    return maxHeaderBytes;
  }

  int inputBufferSize() {
    return INPUT_BUFFER_BYTES;
  }
}
