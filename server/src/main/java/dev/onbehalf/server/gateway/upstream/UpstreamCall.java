package dev.onbehalf.server.gateway.upstream;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.ManagedSelector;
import org.jspecify.annotations.Nullable;

/** One request on its way to the upstream and back. */
public final class UpstreamCall {
  private final UpstreamRequest request;
  private final UpstreamListener listener;
  private final @Nullable ManagedSelector loop;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile @Nullable UpstreamConnection connection;
  private volatile @Nullable Throwable aborted;
  private boolean repeated;

  UpstreamCall(UpstreamRequest request, UpstreamListener listener, @Nullable ManagedSelector loop) {
    this.request = request;
    this.listener = listener;
    this.loop = loop;
  }

  /** Gives the request up, whatever its state; without effect once the answer is whole. */
  public void abort(Throwable cause) {
    aborted = cause;
    UpstreamConnection current = connection;
    if (current != null) {
      current.abort(this, cause);
    }
  }

  UpstreamRequest request() {
    return request;
  }

  @Nullable ManagedSelector loop() {
    return loop;
  }

  void attach(UpstreamConnection to) {
    connection = to;
  }

  /** Gives the request up where that was asked before it had a connection. */
  void abortIfAsked() {
    Throwable cause = aborted;
    UpstreamConnection current = connection;
    if (cause != null && current != null) {
      current.abort(this, cause);
    }
  }

  void detach() {
    connection = null;
  }

  /** Takes the one permission to send a second time. */
  boolean mayRepeat() {
    if (repeated || !request.repeatable() || aborted != null) {
      return false;
    }
    repeated = true;
    return true;
  }

  void respond(UpstreamResponse response) {
    if (answered.compareAndSet(false, true)) {
      listener.onResponse(response);
    } else {
      response.fail(new IllegalStateException("The request was given up."));
    }
  }

  void fail(UpstreamException failure) {
    if (answered.compareAndSet(false, true)) {
      listener.onFailure(failure);
    }
  }
}
