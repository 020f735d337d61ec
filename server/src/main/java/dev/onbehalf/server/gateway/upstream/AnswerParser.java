package dev.onbehalf.server.gateway.upstream;

import dev.onbehalf.server.gateway.upstream.UpstreamException.Reason;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the answers that come on one connection, one after another (RFC 9112). */
final class AnswerParser implements HttpParser.ResponseHandler {
  static final int SWITCHED = 101;

  private final HttpParser parser;
  private UpstreamResponse answer;
  private boolean toHead;
  private boolean headerHere;
  private boolean interimHere;
  private boolean persistent;
  private boolean leftover;
  private volatile boolean responding;
  private @Nullable UpstreamException failure;
  private RetainableByteBuffer.@Nullable Mutable network;
  private @Nullable ByteBuffer received;

  AnswerParser(int maxHeaderBytes, UpstreamRequest request, UpstreamResponse answer) {
    this.parser = new HttpParser(this, maxHeaderBytes, HttpCompliance.RFC7230);
    this.answer = answer;
    this.toHead = request.method().equals("HEAD");
  }

  /** Makes ready for the next answer. */
  void next(UpstreamRequest request, UpstreamResponse to) {
    answer = to;
    toHead = request.method().equals("HEAD");
    headerHere = false;
    responding = false;
    parser.reset();
  }

  /** Whether the header of the final answer, or of a switch, is whole. */
  boolean headerHere() {
    return headerHere;
  }

  /** Whether what comes now is the body. */
  boolean responding() {
    return responding;
  }

  /** Whether the whole answer leaves the connection fit for another request. */
  boolean reusable() {
    return persistent && !leftover;
  }

  /** Returns why the answer cannot be read; null as long as it can. */
  @Nullable UpstreamException failure() {
    return failure;
  }

  void fail(UpstreamException cause) {
    failure = cause;
  }

  /** Returns what came after the header of a switch; null for nothing. */
  @Nullable ByteBuffer received() {
    return received;
  }

  void atEnd() {
    parser.atEOF();
  }

  /**
   * Parses all of the bytes.
   *
   * @param buffer holds the bytes; what is body retains it
   */
  void parse(ByteBuffer bytes, RetainableByteBuffer.Mutable buffer) {
    network = buffer;
    try {
      parse(bytes);
    } finally {
      network = null;
    }
  }

  private void parse(ByteBuffer bytes) {
    while (failure == null) {
      boolean stopped;
      try {
        stopped = parser.parseNext(bytes);
      } catch (RuntimeException | AssertionError e) {
        failure =
            new UpstreamException(Reason.MALFORMED, "The answer cannot be read as HTTP/1.1.", e);
        return;
      }
      if (interimHere) {
        interimHere = false;
        parser.reset();
      } else if (answer.isComplete()) {
        leftover = bytes.hasRemaining();
        if (answer.status() == SWITCHED) {
          ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
          copy.put(bytes).flip();
          received = copy;
        }
        return;
      } else if (!stopped) {
        return;
      }
    }
  }

  @Override
  public void startResponse(@Nullable HttpVersion version, int status, @Nullable String reason) {
    answer.status(status);
    persistent = version == HttpVersion.HTTP_1_1;
    parser.setHeadResponse(toHead);
  }

  @Override
  public void parsedHeader(HttpField field) {
    if (field.getHeader() == HttpHeader.CONNECTION && field.contains("close")) {
      persistent = false;
    }
    answer.mutableHeaders().add(field);
  }

  @Override
  public boolean headerComplete() {
    int status = answer.status();
    headerHere = status >= 200 || status == SWITCHED;
    responding = headerHere && status != SWITCHED;
    return false;
  }

  @Override
  public boolean content(ByteBuffer slice) {
    RetainableByteBuffer.Mutable buffer = network;
    if (buffer != null && slice.hasRemaining()) {
      answer.add(slice, buffer);
    }
    return false;
  }

  @Override
  public boolean contentComplete() {
    return false;
  }

  @Override
  public boolean messageComplete() {
    if (headerHere) {
      answer.setComplete();
    } else {
      interimHere = true;
    }
    return true;
  }

  @Override
  public void earlyEOF() {
    failure = new UpstreamException(Reason.BROKEN, "The answer ended early.");
  }

  @Override
  public void badMessage(HttpException cause) {
    failure =
        new UpstreamException(Reason.MALFORMED, "The answer is not HTTP/1.1.", (Throwable) cause);
  }
}
