package dev.onbehalf.server.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads a form body whole, up to a limit, because it is part of a signature. Strangers may send
 * them, so all of them together get a share of the memory, and each has 30 seconds to arrive.
 */
final class FormBody {
  private static final long SECONDS = 30;

  private final Request request;
  private final int limit;
  private final Memory.Share share;
  private final Consumer<Result> then;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicBoolean done = new AtomicBoolean();
  private final Scheduler.Task timeout;

  /** The bytes all forms under way may take together. */
  static final class Memory {
    private final AtomicLong taken = new AtomicLong();
    private final long most;

    Memory(long most) {
      this.most = most;
    }

    /** What one request takes, given back when it is completed. */
    private final class Share {
      private final AtomicLong held = new AtomicLong();

      Share(Request request) {
        Request.addCompletionListener(request, failure -> taken.addAndGet(-held.getAndSet(0)));
      }

      boolean take(int length) {
        if (taken.addAndGet(length) > most) {
          taken.addAndGet(-length);
          return false;
        }
        held.addAndGet(length);
        return true;
      }
    }
  }

  /** How reading ended. */
  sealed interface Result {
    /** The whole body. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(byte[] bytes) implements Result {}

    /** More than the limit; what was read so far, the rest is unread. */
    @SuppressWarnings("ArrayRecordComponent")
    record TooLarge(byte[] read) implements Result {}

    /** All forms together take too much memory. */
    record Busy() implements Result {}

    /** The client went away, or was too slow. */
    record Failed(Throwable cause) implements Result {}
  }

  private FormBody(Request request, int limit, Memory memory, Consumer<Result> then) {
    this.request = request;
    this.limit = limit;
    this.share = memory.new Share(request);
    this.then = then;
    this.timeout =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> end(new Result.Failed(new TimeoutException("The form did not arrive."))),
                SECONDS,
                TimeUnit.SECONDS);
  }

  /** Reads without blocking; {@code then} is called once. */
  static void read(Request request, int limit, Memory memory, Consumer<Result> then) {
    new FormBody(request, limit, memory, then).next();
  }

  private void next() {
    while (!done.get()) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this::next);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        Throwable cause = chunk.getFailure();
        end(new Result.Failed(cause == null ? new IllegalStateException("No body.") : cause));
        return;
      }
      ByteBuffer buffer = chunk.getByteBuffer();
      byte[] piece = new byte[buffer.remaining()];
      buffer.get(piece);
      boolean last = chunk.isLast();
      chunk.release();
      if (!share.take(piece.length)) {
        end(new Result.Busy());
        return;
      }
      bytes.writeBytes(piece);
      if (bytes.size() > limit) {
        end(new Result.TooLarge(bytes.toByteArray()));
        return;
      }
      if (last) {
        end(new Result.Whole(bytes.toByteArray()));
        return;
      }
    }
  }

  private void end(Result result) {
    if (done.compareAndSet(false, true)) {
      timeout.cancel();
      then.accept(result);
    }
  }
}
