package dev.onbehalf.server.gateway.upstream;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/** Sends a body piece by piece: the next piece is read when the one before is written. */
final class BodySender extends IteratingCallback {
  private static final ByteBuffer LINE = ascii("\r\n");
  private static final ByteBuffer END = ascii("0\r\n\r\n");

  private final UpstreamConnection connection;
  private final UpstreamCall call;
  private final Halves halves;
  private final EndPoint endPoint;
  private final Content.Source body;
  private final boolean chunked;
  private Content.@Nullable Chunk chunk;
  private volatile boolean finished;
  private volatile boolean waiting;

  BodySender(UpstreamConnection connection, UpstreamCall call, Halves halves, Content.Source body) {
    this.connection = connection;
    this.call = call;
    this.halves = halves;
    this.endPoint = connection.getEndPoint();
    this.body = body;
    this.chunked = call.request().chunked();
  }

  /** Whether the client is awaited, not the upstream. */
  boolean isWaitingForClient() {
    return waiting;
  }

  /** Whether all of the body has been read and is on its way. */
  boolean isFinished() {
    return finished;
  }

  @Override
  protected Action process() {
    waiting = false;
    while (!finished) {
      Content.Chunk next = body.read();
      if (next == null) {
        waiting = true;
        body.demand(this::succeeded);
        return Action.SCHEDULED;
      }
      if (Content.Chunk.isFailure(next)) {
        Throwable failure = next.getFailure();
        throw new ClientFailure(failure == null ? new EOFException() : failure);
      }
      finished = next.isLast();
      ByteBuffer bytes = next.getByteBuffer();
      if (bytes.hasRemaining()) {
        chunk = next;
        write(bytes);
        return Action.SCHEDULED;
      }
      next.release();
      if (finished && chunked) {
        endPoint.write(this, END.slice());
        return Action.SCHEDULED;
      }
    }
    return Action.SUCCEEDED;
  }

  private void write(ByteBuffer bytes) {
    if (!chunked) {
      endPoint.write(this, bytes);
      return;
    }
    ByteBuffer size = ascii(Integer.toHexString(bytes.remaining()) + "\r\n");
    if (finished) {
      endPoint.write(this, size, bytes, LINE.slice(), END.slice());
    } else {
      endPoint.write(this, size, bytes, LINE.slice());
    }
  }

  @Override
  protected void onSuccess() {
    releaseChunk();
  }

  @Override
  protected void onCompleteSuccess() {
    connection.sent(call, halves);
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    releaseChunk();
    connection.sendFailed(call, cause);
  }

  private void releaseChunk() {
    Content.Chunk written = chunk;
    chunk = null;
    if (written != null) {
      written.release();
    }
  }

  private static ByteBuffer ascii(String text) {
    return BufferUtil.toBuffer(text, StandardCharsets.US_ASCII).asReadOnlyBuffer();
  }

  /** The body could not be read to its end. */
  static final class ClientFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientFailure(Throwable cause) {
      super(cause);
    }
  }
}
