package dev.onbehalf.server.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads a form body whole, up to a limit, because it is part of a signature. */
final class FormBody {
  private final Request request;
  private final int limit;
  private final Consumer<Result> then;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** How reading ended. */
  sealed interface Result {
    /** The whole body. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(byte[] bytes) implements Result {}

    /** More than the limit; what was read so far, the rest is unread. */
    @SuppressWarnings("ArrayRecordComponent")
    record TooLarge(byte[] read) implements Result {}

    /** The client went away. */
    record Failed(Throwable cause) implements Result {}
  }

  private FormBody(Request request, int limit, Consumer<Result> then) {
    this.request = request;
    this.limit = limit;
    this.then = then;
  }

  /** Reads without blocking; {@code then} is called once. */
  static void read(Request request, int limit, Consumer<Result> then) {
    new FormBody(request, limit, then).next();
  }

  private void next() {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this::next);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        Throwable cause = chunk.getFailure();
        then.accept(
            new Result.Failed(cause == null ? new IllegalStateException("No body.") : cause));
        return;
      }
      ByteBuffer buffer = chunk.getByteBuffer();
      byte[] piece = new byte[buffer.remaining()];
      buffer.get(piece);
      bytes.writeBytes(piece);
      boolean last = chunk.isLast();
      chunk.release();
      if (bytes.size() > limit) {
        then.accept(new Result.TooLarge(bytes.toByteArray()));
        return;
      }
      if (last) {
        then.accept(new Result.Whole(bytes.toByteArray()));
        return;
      }
    }
  }
}
