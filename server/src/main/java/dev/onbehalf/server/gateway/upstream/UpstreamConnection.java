package dev.onbehalf.server.gateway.upstream;

import dev.onbehalf.server.gateway.upstream.UpstreamException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the upstream (RFC 9112): carries one exchange at a time and waits in the pool
 * between two. Buffers are held only while bytes are read and parsed.
 */
final class UpstreamConnection extends AbstractConnection {
  private enum State {
    BUSY,
    IDLE,
    TUNNEL,
    CLOSED
  }

  private final UpstreamClient client;
  private final ManagedSelector loop;
  private final AnswerParser parser;
  private final Callback fillable = new Fillable();
  private final AtomicReference<@Nullable Runnable> demand = new AtomicReference<>();
  private final Object lock = new Object();
  private State state = State.BUSY;
  private volatile @Nullable UpstreamCall call;
  private volatile @Nullable BodySender sender;
  private UpstreamResponse response = new UpstreamResponse(this);
  private Halves halves = new Halves();
  private boolean reused;
  private boolean answering;

  UpstreamConnection(
      EndPoint endPoint, UpstreamClient client, ManagedSelector loop, UpstreamCall first) {
    super(endPoint, client.executor());
    this.client = client;
    this.loop = loop;
    this.call = first;
    this.parser = new AnswerParser(client.maxHeaderBytes(), first.request(), response);
  }

  @Override
  public void onOpen() {
    super.onOpen();
    UpstreamCall first = call;
    if (first != null) {
      first.attach(this);
      fillInterested(fillable);
      send(first, halves);
    }
  }

  ManagedSelector loop() {
    return loop;
  }

  /** Takes this connection out of the pool; false if it was closed meanwhile. */
  boolean start(UpstreamCall next) {
    Halves fresh = new Halves();
    synchronized (lock) {
      if (state != State.IDLE) {
        return false;
      }
      state = State.BUSY;
      call = next;
      next.attach(this);
      sender = null;
      response = new UpstreamResponse(this);
      halves = fresh;
      reused = true;
      answering = false;
      parser.next(next.request(), response);
    }
    send(next, fresh);
    return true;
  }

  private void send(UpstreamCall current, Halves of) {
    current.abortIfAsked();
    UpstreamRequest request = current.request();
    RetainableByteBuffer.Mutable head = client.buffers().acquire(request.headSize(), true);
    try {
      ByteBuffer buffer = head.getByteBuffer();
      int position = BufferUtil.flipToFill(buffer);
      request.writeHead(buffer);
      BufferUtil.flipToFlush(buffer, position);
    } catch (IllegalArgumentException e) {
      head.release();
      fail(current, new UpstreamException(Reason.UNSENDABLE, e.getMessage() + "", e));
      return;
    }
    getEndPoint().write(new HeadWritten(current, of, head), head.getByteBuffer());
  }

  void sendFailed(UpstreamCall of, Throwable cause) {
    if (cause instanceof BodySender.ClientFailure) {
      fail(
          of,
          new UpstreamException(
              Reason.CLIENT, "The request ended early.", Objects.requireNonNull(cause.getCause())));
    } else if (call != of) {
      close();
    } else if (!parser.responding()) {
      failUnlessAnswered(of, cause);
    }
  }

  /** A server may answer and close before it has read the whole body: look for its answer first. */
  private void failUnlessAnswered(UpstreamCall of, Throwable cause) {
    if (sender == null || !getEndPoint().isOpen()) {
      fail(of, new UpstreamException(Reason.BROKEN, "The connection broke.", cause));
    }
  }

  private void onReadable() {
    synchronized (lock) {
      if (state == State.IDLE) {
        state = State.CLOSED;
      }
      if (state == State.CLOSED) {
        client.forget(this);
        getEndPoint().close();
        return;
      }
    }
    if (parser.responding()) {
      wakeReader();
    } else {
      receiveHead();
    }
  }

  private void wakeReader() {
    Runnable reader = demand.getAndSet(null);
    if (reader != null) {
      reader.run();
    }
  }

  private void receiveHead() {
    UpstreamCall current = call;
    UpstreamResponse answer = response;
    if (current == null) {
      return;
    }
    while (!parser.headerHere()) {
      int filled = fillAndParse();
      if (filled == 0 && !parser.headerHere()) {
        fillInterested(fillable);
        return;
      }
      UpstreamException failure = parser.failure();
      if (failure != null) {
        fail(current, failure);
        return;
      }
      if (filled < 0 && !parser.headerHere()) {
        fail(
            current,
            new UpstreamException(
                Reason.BROKEN, "The connection was closed without an answer.", new EOFException()));
        return;
      }
    }
    finish(current, answer);
    if (answer.status() != AnswerParser.SWITCHED || halves.finishOne()) {
      current.respond(answer);
    }
  }

  /** Reads into {@code to} what there is, without waiting. */
  void readMore(UpstreamResponse to) {
    UpstreamCall current = call;
    if (current == null) {
      to.setFailure(new EOFException("The answer ended early."));
      return;
    }
    while (!to.hasChunks() && !to.isComplete()) {
      int filled = fillAndParse();
      UpstreamException failure = parser.failure();
      if (failure != null) {
        fail(current, failure);
        return;
      }
      if (filled < 0 && !to.isComplete()) {
        fail(current, new UpstreamException(Reason.BROKEN, "The answer ended early."));
        return;
      }
      if (filled == 0) {
        break;
      }
    }
    finish(current, to);
  }

  void demand(Runnable whenReadable) {
    demand.set(whenReadable);
    if (isClosed()) {
      wakeReader();
    } else {
      tryFillInterested(fillable);
    }
  }

  /**
   * Fills one buffer and parses all of it.
   *
   * @return bytes filled; 0 if nothing is there; -1 at the end of the stream
   */
  private int fillAndParse() {
    RetainableByteBuffer.Mutable buffer = client.buffers().acquire(client.inputBufferSize(), true);
    try {
      ByteBuffer bytes = buffer.getByteBuffer();
      int filled;
      try {
        filled = getEndPoint().fill(bytes);
      } catch (IOException e) {
        parser.fail(new UpstreamException(Reason.BROKEN, "The connection broke.", e));
        return -1;
      }
      if (filled < 0) {
        parser.atEnd();
      }
      if (filled != 0) {
        answering |= filled > 0;
        parser.parse(bytes, buffer);
      }
      return filled;
    } finally {
      buffer.release();
    }
  }

  /**
   * Frees the connection once the answer is whole. The last step of reading: another exchange may
   * start at once, so nothing of this one may be touched after it.
   */
  private void finish(UpstreamCall of, UpstreamResponse answer) {
    if (!answer.isComplete()) {
      return;
    }
    boolean reusable = parser.reusable() && isSending(of) && !getEndPoint().isInputShutdown();
    call = null;
    of.detach();
    if (answer.status() == AnswerParser.SWITCHED) {
      return;
    }
    if (!reusable) {
      close();
    } else if (halves.finishOne()) {
      free();
    }
  }

  /** Whether nothing of the request is left to be read from the client. */
  private boolean isSending(UpstreamCall of) {
    BodySender body = sender;
    return of.request().body() == null || (body != null && body.isFinished());
  }

  /**
   * The request has left. A tunnel begins only now: the server may have answered while the write of
   * the request was still being closed, and the end point takes one write at a time.
   */
  void sent(UpstreamCall of, Halves ofIt) {
    if (!ofIt.finishOne()) {
      return;
    }
    UpstreamResponse answer = response;
    if (answer.status() == AnswerParser.SWITCHED) {
      of.respond(answer);
    } else {
      free();
    }
  }

  private void free() {
    synchronized (lock) {
      if (state != State.BUSY) {
        return;
      }
      state = State.IDLE;
    }
    tryFillInterested(fillable);
    client.release(this);
  }

  UpstreamTunnel takeOver() {
    synchronized (lock) {
      state = State.TUNNEL;
    }
    ByteBuffer rest = parser.received();
    return new UpstreamTunnel(getEndPoint(), rest == null ? BufferUtil.EMPTY_BUFFER : rest);
  }

  void abort(UpstreamCall of, Throwable cause) {
    fail(of, new UpstreamException(Reason.CLIENT, "The client went away.", cause));
  }

  void abort(UpstreamResponse of, Throwable cause) {
    UpstreamCall current = call;
    if (current != null && response == of) {
      abort(current, cause);
    } else if (of.status() == AnswerParser.SWITCHED) {
      close();
    }
  }

  private void fail(UpstreamCall of, UpstreamException failure) {
    UpstreamResponse answer = response;
    synchronized (lock) {
      if (state != State.BUSY || call != of) {
        return;
      }
      state = State.CLOSED;
    }
    boolean stale =
        reused
            && !answering
            && (failure.reason() == Reason.BROKEN)
            && of.request().body() == null
            && of.mayRepeat();
    call = null;
    of.detach();
    close();
    if (stale) {
      client.connect(of);
      return;
    }
    if (parser.headerHere()) {
      answer.setFailure(failure);
      of.fail(failure);
      wakeReader();
    } else {
      of.fail(failure);
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return state == State.CLOSED;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      state = State.CLOSED;
    }
    client.forget(this);
    getEndPoint().close();
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    BodySender body = sender;
    return body == null || !body.isWaitingForClient();
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    client.closed(this);
  }

  @Override
  public void onFillable() {
    onReadable();
  }

  /** Called on the selector's thread, without another hop, since nothing here blocks. */
  private final class Fillable implements Callback {
    @Override
    public void succeeded() {
      onReadable();
    }

    @Override
    public void failed(Throwable cause) {
      UpstreamCall current = call;
      if (current == null) {
        close();
      } else if (cause instanceof TimeoutException) {
        fail(current, new UpstreamException(Reason.SLOW, "Nothing came in time.", cause));
      } else {
        fail(current, new UpstreamException(Reason.BROKEN, "The connection broke.", cause));
      }
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  /** Follows the header with the body. */
  private final class HeadWritten implements Callback {
    private final UpstreamCall of;
    private final Halves ofIt;
    private final RetainableByteBuffer head;

    HeadWritten(UpstreamCall of, Halves ofIt, RetainableByteBuffer head) {
      this.of = of;
      this.ofIt = ofIt;
      this.head = head;
    }

    @Override
    public void succeeded() {
      head.release();
      var body = of.request().body();
      if (body == null) {
        sent(of, ofIt);
      } else {
        BodySender next = new BodySender(UpstreamConnection.this, of, ofIt, body);
        sender = next;
        next.iterate();
      }
    }

    @Override
    public void failed(Throwable cause) {
      head.release();
      sendFailed(of, cause);
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }
}
