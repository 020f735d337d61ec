package dev.onbehalf.server.gateway;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** Bytes that were already read, then the rest of where they came from. */
final class PrefixedSource implements Content.Source {
  private final Content.Source rest;
  private byte @Nullable [] prefix;

  PrefixedSource(byte[] prefix, Content.Source rest) {
    this.prefix = prefix;
    this.rest = rest;
  }

  @Override
  public Content.@Nullable Chunk read() {
    byte[] first = prefix;
    if (first != null) {
      prefix = null;
      return Content.Chunk.from(ByteBuffer.wrap(first), false);
    }
    return rest.read();
  }

  @Override
  public void demand(Runnable whenReadable) {
    if (prefix != null) {
      whenReadable.run();
    } else {
      rest.demand(whenReadable);
    }
  }

  @Override
  public void fail(Throwable failure) {
    rest.fail(failure);
  }
}
