package dev.onbehalf.applinks;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A stream that fails when a reader has waited too long for its next byte. */
final class IdleTimeoutInputStream extends FilterInputStream {
  private final Executor later;
  private volatile long progress;
  private volatile boolean reading;
  private volatile boolean closed;
  private volatile boolean late;

  IdleTimeoutInputStream(InputStream in, int idleMillis) {
    super(in);
    later = CompletableFuture.delayedExecutor(idleMillis, TimeUnit.MILLISECONDS);
    watch(-1);
  }

  private void watch(long seen) {
    later.execute(
        () -> {
          if (closed) {
            return;
          }
          if (reading && progress == seen) {
            late = true;
            closeQuietly();
          } else {
            watch(reading ? progress : -1);
          }
        });
  }

  private void closeQuietly() {
    try {
      in.close();
    } catch (IOException e) {
      // The reader is told by its own failure.
      return;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    reading = true;
    try {
      int read = in.read(into, from, length);
      if (late) {
        throw new HttpTimeoutException("no byte in time");
      }
      return read;
    } catch (IOException e) {
      if (late) {
        HttpTimeoutException timeout = new HttpTimeoutException("no byte in time");
        timeout.initCause(e);
        throw timeout;
      }
      throw e;
    } finally {
      moved();
      reading = false;
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // One reader alone moves it.
  private void moved() {
    progress++;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    super.close();
  }
}
