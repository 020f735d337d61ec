package dev.onbehalf.server.gateway.upstream;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the upstream, whose body is read on demand: what is not read stays in the socket.
 *
 * <p>One reader at a time, as {@link Content.Source} says.
 */
public final class UpstreamResponse implements Content.Source {
  private final UpstreamConnection connection;
  private final HttpFields.Mutable headers = HttpFields.build();
  private final ArrayDeque<Content.Chunk> chunks = new ArrayDeque<>(2);
  private int status;
  private boolean complete;
  private volatile @Nullable Throwable failure;

  UpstreamResponse(UpstreamConnection connection) {
    this.connection = connection;
  }

  public int status() {
    return status;
  }

  /** Returns the header lines as they came. */
  public HttpFields headers() {
    return headers;
  }

  /**
   * Takes the connection over after status 101, with the bytes that were already read from it.
   * Called once, from {@link UpstreamListener#onResponse}.
   */
  public UpstreamTunnel takeOver() {
    return connection.takeOver();
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (chunks.isEmpty() && !complete && failure == null) {
      connection.readMore(this);
    }
    Content.Chunk chunk = chunks.poll();
    if (chunk != null) {
      return complete && chunks.isEmpty()
          ? Content.Chunk.asChunk(chunk.getByteBuffer(), true, chunk)
          : chunk;
    }
    Throwable cause = failure;
    if (complete) {
      return Content.Chunk.EOF;
    }
    return cause == null ? null : Content.Chunk.from(cause, true);
  }

  @Override
  public void demand(Runnable whenReadable) {
    if (!chunks.isEmpty() || complete || failure != null) {
      whenReadable.run();
    } else {
      connection.demand(whenReadable);
    }
  }

  @Override
  public void fail(Throwable cause) {
    if (!complete) {
      connection.abort(this, cause);
    }
    releaseAll();
  }

  void status(int value) {
    status = value;
    headers.clear();
  }

  HttpFields.Mutable mutableHeaders() {
    return headers;
  }

  void add(ByteBuffer slice, RetainableByteBuffer buffer) {
    buffer.retain();
    chunks.add(Content.Chunk.asChunk(slice, false, buffer));
  }

  boolean hasChunks() {
    return !chunks.isEmpty();
  }

  boolean isComplete() {
    return complete;
  }

  void setComplete() {
    complete = true;
  }

  void setFailure(Throwable cause) {
    failure = cause;
  }

  private void releaseAll() {
    for (Content.Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
      chunk.release();
    }
  }
}
