package dev.onbehalf.server.gateway;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way to the upstream.
 *
 * @param streamed where it is read from, once; null if there is none or it was read whole
 * @param whole the whole of it, which can be sent again; null if it is streamed
 * @param length its length in bytes; -1 if unknown
 */
@SuppressWarnings("ArrayRecordComponent")
record Payload(Content.@Nullable Source streamed, byte @Nullable [] whole, long length) {
  private static final Payload NONE = new Payload(null, null, 0);

  /** The body of a request, unread. */
  static Payload of(Request request) {
    if (!present(request)) {
      return NONE;
    }
    if (!framed(request)) {
      Content.Chunk first = request.read();
      if (first == null) {
        return new Payload(request, null, -1);
      }
      boolean none = first.isLast() && !first.hasRemaining() && !Content.Chunk.isFailure(first);
      return none ? NONE : new Payload(new PrefixedSource(first, request), null, -1);
    }
    return new Payload(request, null, request.getLength());
  }

  static Payload whole(byte[] bytes) {
    return new Payload(null, bytes, bytes.length);
  }

  /** A body of which a part was read. */
  static Payload rest(byte[] read, Request request) {
    return new Payload(
        new PrefixedSource(Content.Chunk.from(ByteBuffer.wrap(read), false), request),
        null,
        request.getLength());
  }

  /**
   * Whether a request has a body, an empty one with a length included (RFC 9112 section 6.3); over
   * HTTP/2 whether it may have one.
   */
  static boolean present(Request request) {
    return framed(request)
        || (request.getLength() < 0
            && request.getConnectionMetaData().getHttpVersion().getVersion() >= 20);
  }

  private static boolean framed(Request request) {
    return request.getLength() > 0
        || request.getHeaders().contains(HttpHeader.CONTENT_LENGTH)
        || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  boolean repeatable() {
    return streamed == null;
  }

  /** Returns a source to send from; null for no body. */
  Content.@Nullable Source source(InstantSource clock) {
    byte[] bytes = whole;
    if (bytes != null) {
      return Content.Source.from(ByteBuffer.wrap(bytes));
    }
    return streamed == null ? null : new PacedSource(streamed, length, clock);
  }
}
