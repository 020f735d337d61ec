package dev.onbehalf.server.gateway;

import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A piece that was already read, then the rest of where it came from. */
final class PrefixedSource implements Content.Source {
  private final Content.Source rest;
  private Content.@Nullable Chunk prefix;

  PrefixedSource(Content.Chunk prefix, Content.Source rest) {
    this.prefix = prefix;
    this.rest = rest;
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk first = prefix;
    if (first != null) {
      prefix = null;
      return first;
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
    Content.Chunk first = prefix;
    prefix = null;
    if (first != null) {
      first.release();
    }
    rest.fail(failure);
  }
}
