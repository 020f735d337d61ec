package dev.onbehalf.server.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Answers requests with bodies that may be too large to be held in memory; may block. */
public interface StreamingHandler extends WebHandler {

  /** Where a body goes that is written while it is read. */
  @FunctionalInterface
  interface Outlet {
    /**
     * Begins the answer; at most once.
     *
     * @param head status and headers; its body is not sent
     */
    OutputStream begin(WebResponse head);
  }

  /**
   * Answers a request.
   *
   * @return the whole answer; null if it was written to {@code outlet}
   * @throws IOException if what was begun cannot be finished: the connection is then broken off
   */
  @Nullable WebResponse handle(WebRequest request, Outlet outlet) throws IOException;

  /** Answers with the body in memory. */
  @Override
  default WebResponse handle(WebRequest request) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    AtomicReference<WebResponse> begun = new AtomicReference<>();
    try {
      WebResponse whole =
          handle(
              request,
              head -> {
                begun.set(head);
                return body;
              });
      if (whole != null) {
        return whole;
      }
      WebResponse head = Objects.requireNonNull(begun.get(), "nothing was answered");
      return new WebResponse(head.status(), head.headers(), body.toByteArray());
    } catch (IOException e) {
      return WebResponse.of(502, "text/plain; charset=utf-8", "The answer broke off.\n");
    }
  }
}
