package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.Loops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** The public listener's connector, whose event loops serve the connections to upstreams too. */
final class LoopConnector extends ServerConnector implements Loops {
  private static final ThreadLocal<@Nullable Attempt> OPENING = new ThreadLocal<>();

  LoopConnector(Server server, int selectors, ConnectionFactory... protocols) {
    super(server, 1, selectors, protocols);
  }

  /** Returns the loop that serves the client of a request; null if that is unknown. */
  static @Nullable ManagedSelector loop(Request request) {
    return loop(request.getConnectionMetaData().getConnection().getEndPoint());
  }

  private static @Nullable ManagedSelector loop(EndPoint of) {
    EndPoint end = of;
    while (end instanceof EndPoint.Wrapper wrapper) {
      end = wrapper.unwrap();
    }
    return end instanceof LoopEndPoint known ? known.loop : null;
  }

  @Override
  public void connect(InetSocketAddress address, Attempt attempt) {
    SocketChannel channel = null;
    OPENING.set(attempt);
    try {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      if (channel.connect(address)) {
        getSelectorManager().accept(channel, attempt);
      } else {
        getSelectorManager().connect(channel, attempt);
      }
    } catch (IOException | RuntimeException e) {
      IO.close(channel);
      attempt.failed(e);
    } finally {
      OPENING.remove();
    }
  }

  /**
   * Lets a connection whose answer is complete go on with its next request on its own loop, where
   * Jetty would wake another thread for it.
   */
  @Override
  public Executor getExecutor() {
    return this::execute;
  }

  private void execute(Runnable task) {
    ManagedSelector loop = task instanceof Connection known ? loop(known.getEndPoint()) : null;
    if (loop == null) {
      getServer().getThreadPool().execute(task);
    } else {
      loop.submit(selector -> task.run());
    }
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new Manager(getServer().getThreadPool(), scheduler, selectors);
  }

  /** Tells the ends of upstreams, which were opened here, from those of clients. */
  private final class Manager extends ServerConnectorManager {
    Manager(Executor executor, Scheduler scheduler, int selectors) {
      super(executor, scheduler, selectors);
    }

    @Override
    protected ManagedSelector chooseSelector() {
      Attempt attempt = OPENING.get();
      ManagedSelector wanted = attempt == null ? null : attempt.loop();
      return wanted == null ? super.chooseSelector() : wanted;
    }

    @Override
    public long getConnectTimeout() {
      Attempt attempt = OPENING.get();
      return attempt == null ? super.getConnectTimeout() : attempt.connectTimeout().toMillis();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SelectableChannel channel, ManagedSelector loop, SelectionKey key) {
      Attempt attempt = key.attachment() instanceof Attempt known ? known : null;
      LoopEndPoint end =
          new LoopEndPoint((SocketChannel) channel, loop, key, getScheduler(), attempt != null);
      end.setIdleTimeout(
          attempt == null ? LoopConnector.this.getIdleTimeout() : attempt.idleTimeout().toMillis());
      return end;
    }

    @Override
    public Connection newConnection(
        SelectableChannel channel, EndPoint end, @Nullable Object attachment) throws IOException {
      return attachment instanceof Attempt attempt && end instanceof LoopEndPoint known
          ? attempt.opened(end, known.loop)
          : super.newConnection(channel, end, attachment);
    }

    @Override
    protected void connectionFailed(
        SelectableChannel channel, Throwable cause, @Nullable Object attachment) {
      failed(attachment, cause);
    }

    @Override
    protected void onAcceptFailed(
        SelectableChannel channel, Throwable cause, @Nullable Object attachment) {
      super.onAcceptFailed(channel, cause, attachment);
      failed(attachment, cause);
    }

    private void failed(@Nullable Object attachment, Throwable cause) {
      if (attachment instanceof Attempt attempt) {
        attempt.failed(cause);
      }
    }

    @Override
    protected void endPointOpened(EndPoint end) {
      if (!isUpstream(end)) {
        super.endPointOpened(end);
      }
    }

    @Override
    protected void endPointClosed(EndPoint end) {
      if (!isUpstream(end)) {
        super.endPointClosed(end);
      }
    }

    private boolean isUpstream(EndPoint end) {
      return end instanceof LoopEndPoint known && known.upstream;
    }
  }

  /** An end point that knows its loop. */
  private static final class LoopEndPoint extends SocketChannelEndPoint {
    private final ManagedSelector loop;
    private final boolean upstream;

    LoopEndPoint(
        SocketChannel channel,
        ManagedSelector loop,
        SelectionKey key,
        Scheduler scheduler,
        boolean upstream) {
      super(channel, loop, key, scheduler);
      this.loop = loop;
      this.upstream = upstream;
    }
  }
}
