package dev.onbehalf.server.web;

import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses a handler by method: HEAD is served by the GET handler, anything else is answered with
 * 405 and {@code Allow} (RFC 9110 sections 9.3.2 and 15.5.6).
 */
public final class Methods implements WebHandler {
  private final Map<String, WebHandler> handlers;

  private Methods(Map<String, WebHandler> handlers) {
    this.handlers = Map.copyOf(handlers);
  }

  /** Serves GET and HEAD. */
  public static Methods get(WebHandler handler) {
    return new Methods(Map.of("GET", handler, "HEAD", handler));
  }

  /** Serves POST. */
  public static Methods post(WebHandler handler) {
    return new Methods(Map.of("POST", handler));
  }

  /** Returns these methods and POST. */
  public Methods andPost(WebHandler handler) {
    Map<String, WebHandler> more = new TreeMap<>(handlers);
    more.put("POST", handler);
    return new Methods(more);
  }

  @Override
  public WebResponse handle(WebRequest request) {
    WebHandler handler = handlers.get(request.method());
    if (handler == null) {
      String allow = String.join(", ", new TreeMap<>(handlers).keySet());
      return WebResponse.of(
              405, "text/plain; charset=utf-8", "This address answers " + allow + " only.\n")
          .with("Allow", allow);
    }
    return handler.handle(request);
  }
}
