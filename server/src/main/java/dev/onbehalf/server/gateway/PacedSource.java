package dev.onbehalf.server.gateway;

import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request body that fails if the client lets it trickle. Only the time spent waiting for the
 * client counts, so that a slow upstream is nobody's fault here. A body of unknown length may be
 * that of a program that talks through it, such as {@code jenkins-cli -http}, which sends a few
 * bytes every three seconds.
 */
final class PacedSource implements Content.Source {
  static final long GRACE_MILLIS = 30_000;
  static final int BYTES_A_SECOND = 240;
  static final int BYTES_A_SECOND_IF_OPEN_ENDED = 1;

  private final Content.Source body;
  private final InstantSource clock;
  private final int bytesASecond;
  private long waitingSinceMillis = -1;
  private long waitedMillis;
  private long arrivedBytes;

  /** The client is slower than it may be. */
  static final class TooSlowException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    TooSlowException() {
      super("The body arrives too slowly.");
    }
  }

  /**
   * Prepares to read.
   *
   * @param length length of the body in bytes; negative if unknown
   */
  PacedSource(Content.Source body, long length, InstantSource clock) {
    this.body = body;
    this.clock = clock;
    this.bytesASecond = length < 0 ? BYTES_A_SECOND_IF_OPEN_ENDED : BYTES_A_SECOND;
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk chunk = body.read();
    if (chunk == null) {
      if (waitingSinceMillis < 0) {
        waitingSinceMillis = clock.millis();
      }
      return null;
    }
    if (waitingSinceMillis >= 0) {
      waitedMillis += Math.max(0, clock.millis() - waitingSinceMillis);
      waitingSinceMillis = -1;
    }
    if (Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    arrivedBytes += chunk.remaining();
    long late = waitedMillis - GRACE_MILLIS;
    if (chunk.isLast() || late <= 0 || arrivedBytes >= late * bytesASecond / 1000) {
      return chunk;
    }
    chunk.release();
    TooSlowException slow = new TooSlowException();
    body.fail(slow);
    return Content.Chunk.from(slow);
  }

  @Override
  public void demand(Runnable whenReadable) {
    body.demand(whenReadable);
  }

  @Override
  public void fail(Throwable failure) {
    body.fail(failure);
  }
}
