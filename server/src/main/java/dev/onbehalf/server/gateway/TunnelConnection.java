package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.UpstreamTunnel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One side of a tunnel: what is read here is written there, the next piece only when the one before
 * has left.
 */
final class TunnelConnection extends AbstractConnection implements Connection.UpgradeTo {
  private static final long IDLE_MILLIS = 600_000;
  private static final int BUFFER_BYTES = 16 * 1024;

  private final EndPoint other;
  private final ByteBufferPool buffers;
  private final Pump pump = new Pump();
  private final @Nullable TunnelConnection opens;
  private final OpenTunnels.@Nullable Guard guard;
  private ByteBuffer first;

  private TunnelConnection(
      EndPoint from,
      EndPoint other,
      Executor executor,
      ByteBufferPool buffers,
      ByteBuffer first,
      @Nullable TunnelConnection opens,
      OpenTunnels.@Nullable Guard guard) {
    super(from, executor);
    this.other = other;
    this.buffers = buffers;
    this.first = first;
    this.opens = opens;
    this.guard = guard;
  }

  /**
   * Returns the client's side; opening it opens the upstream's.
   *
   * @param guard told when it opens and closes; null for a tunnel that runs as nobody
   */
  static TunnelConnection between(
      EndPoint client,
      UpstreamTunnel upstream,
      Executor executor,
      ByteBufferPool buffers,
      OpenTunnels.@Nullable Guard guard) {
    TunnelConnection upstreamSide =
        new TunnelConnection(
            upstream.endPoint(), client, executor, buffers, upstream.received(), null, null);
    return new TunnelConnection(
        client,
        upstream.endPoint(),
        executor,
        buffers,
        ByteBuffer.allocate(0),
        upstreamSide,
        guard);
  }

  @Override
  public void onUpgradeTo(@Nullable ByteBuffer buffer) {
    if (buffer != null && buffer.hasRemaining()) {
      ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
      copy.put(buffer).flip();
      first = copy;
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    getEndPoint().setIdleTimeout(IDLE_MILLIS);
    if (opens != null) {
      other.upgrade(opens);
    }
    if (guard != null) {
      guard.opened(this::closeBoth);
    }
    pump.iterate();
  }

  @Override
  public void onFillable() {
    pump.iterate();
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    closeBoth();
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    closeBoth();
    return false;
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    if (guard != null) {
      guard.closed();
    }
    other.close();
  }

  private void closeBoth() {
    getEndPoint().close();
    other.close();
  }

  private final class Pump extends IteratingCallback {
    private @Nullable RetainableByteBuffer buffer;
    private boolean ended;

    @Override
    protected Action process() throws IOException {
      if (first.hasRemaining()) {
        ByteBuffer bytes = first;
        first = ByteBuffer.allocate(0);
        other.write(this, bytes);
        return Action.SCHEDULED;
      }
      if (ended) {
        return Action.SUCCEEDED;
      }
      RetainableByteBuffer next = buffers.acquire(BUFFER_BYTES, true);
      int filled;
      try {
        filled = getEndPoint().fill(next.getByteBuffer());
      } catch (IOException e) {
        next.release();
        throw e;
      }
      if (filled > 0) {
        buffer = next;
        other.write(this, next.getByteBuffer());
        return Action.SCHEDULED;
      }
      next.release();
      if (filled == 0) {
        tryFillInterested(Callback.from(this::iterate, this::abandoned));
        return Action.IDLE;
      }
      ended = true;
      return Action.SUCCEEDED;
    }

    private void abandoned(Throwable cause) {
      closeBoth();
    }

    @Override
    protected void onSuccess() {
      release();
    }

    @Override
    protected void onCompleteSuccess() {
      if (other.isInputShutdown() || !other.isOpen()) {
        closeBoth();
      } else {
        other.shutdownOutput();
      }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
      release();
      closeBoth();
    }

    private void release() {
      RetainableByteBuffer written = buffer;
      buffer = null;
      if (written != null) {
        written.release();
      }
    }
  }
}
