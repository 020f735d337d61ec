package dev.onbehalf.server.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves our own pages and endpoints inside a Jetty listener: reads the small body, runs the
 * handler on a bounded pool of its own, and writes the answer with the security headers and the
 * request id.
 */
public final class WebAdapter implements AutoCloseable {
  /** Header that carries the request id. */
  public static final String REQUEST_ID_HEADER = "X-Request-Id";

  private static final Logger LOG = LoggerFactory.getLogger(WebAdapter.class);
  private static final int THREADS = 24;
  private static final int WAITING_REQUESTS = 256;
  private static final Duration BODY_TIME = Duration.ofSeconds(30);

  private final Routes routes;
  private final Refusals refusals;
  private final int bodyBytes;
  private final Duration bodyTime;
  private final ThreadPoolExecutor executor;

  /** Says what went wrong, as {@link Pages#error} does. */
  @FunctionalInterface
  public interface Refusals {
    WebResponse error(WebRequest request, int status, String title, String sentence, String remedy);
  }

  /**
   * Prepares the adapter.
   *
   * @param routes who answers which path
   * @param pages shows errors
   * @param bodyBytes largest body accepted; a larger one is answered with 413
   */
  public WebAdapter(Routes routes, Pages pages, int bodyBytes) {
    this(routes, pages, bodyBytes, BODY_TIME, THREADS, WAITING_REQUESTS);
  }

  /**
   * Prepares an adapter of a site that is ours as a whole.
   *
   * @param refusals says what went wrong
   * @param waiting how many requests, bodies read, may wait for a thread
   */
  public WebAdapter(Refusals refusals, int waiting) {
    this(new Routes(), refusals, 0, BODY_TIME, THREADS, waiting);
  }

  WebAdapter(
      Routes routes, Pages pages, int bodyBytes, Duration bodyTime, int threads, int waiting) {
    this(routes, pages::error, bodyBytes, bodyTime, threads, waiting);
  }

  private WebAdapter(
      Routes routes,
      Refusals refusals,
      int bodyBytes,
      Duration bodyTime,
      int threads,
      int waiting) {
    this.routes = routes;
    this.refusals = refusals;
    this.bodyBytes = bodyBytes;
    this.bodyTime = bodyTime;
    AtomicInteger number = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "page-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Answers a request if its path is ours; an unknown path under the reserved prefix is ours and
   * answered with 404.
   *
   * @return false if the path is not ours: nothing was read or written
   */
  public boolean handle(Request request, Response response, Callback callback, Arrival arrival) {
    Optional<WebHandler> handler = routes.find(arrival.path());
    if (handler.isEmpty() && !Routes.reserved(arrival.path())) {
      return false;
    }
    handle(request, response, callback, arrival, handler.orElse(this::notFound));
    return true;
  }

  /** Answers a request with {@code handler}, whatever its path. */
  public void handle(
      Request request, Response response, Callback callback, Arrival arrival, WebHandler handler) {
    handle(request, response, callback, arrival, handler, bodyBytes);
  }

  /** Answers a request with {@code handler}, whatever its path, by another limit for its body. */
  public void handle(
      Request request,
      Response response,
      Callback callback,
      Arrival arrival,
      WebHandler handler,
      int maximumBytes) {
    response.getHeaders().put(REQUEST_ID_HEADER, arrival.requestId());
    Exchange exchange = new Exchange(request, response, callback, arrival, maximumBytes);
    if (request.getLength() > maximumBytes) {
      exchange.refuse(413);
    } else if (request.getLength() == 0) {
      exchange.run(new byte[0], handler);
    } else {
      Body body = new Body();
      Content.Source.asByteArrayAsync(request, maximumBytes, body);
      var unused =
          body.future
              .orTimeout(bodyTime.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (bytes, failure) -> {
                    if (failure == null) {
                      exchange.run(bytes, handler);
                    } else {
                      exchange.bodyFailed(failure);
                    }
                  });
    }
  }

  /** Stops the pool; requests that wait are dropped. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  private WebResponse notFound(WebRequest request) {
    return refusals.error(
        request,
        404,
        "Not found",
        "There is no page at this address.",
        "Check the address for a typing error.");
  }

  private WebResponse answer(WebHandler handler, WebRequest request) {
    try {
      return handler.handle(request);
    } catch (WebException e) {
      return refusals.error(request, e.status(), e.title(), e.sentence(), e.remedy());
    } catch (RuntimeException e) {
      if (e instanceof TemporaryFailure) {
        LOG.warn("Request {} could not be answered now: {}", request.id(), e.getMessage());
        return refusals
            .error(
                request,
                503,
                "Not now",
                "Something this page depends on does not answer.",
                "Try again in a moment.")
            .with("Retry-After", "5");
      }
      LOG.error("{} {} failed, request {}.", request.method(), request.path(), request.id(), e);
      return refusals.error(
          request,
          500,
          "Something went wrong",
          "The request could not be answered because of a fault on our side.",
          "Try again; if it stays, give the request number to your administrator.");
    }
  }

  /** A body that arrives; what waits for it never blocks. */
  private static final class Body implements Promise.Invocable<byte[]> {
    private final CompletableFuture<byte[]> future = new CompletableFuture<>();

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void succeeded(byte[] bytes) {
      future.complete(bytes);
    }

    @Override
    public void failed(Throwable failure) {
      future.completeExceptionally(failure);
    }
  }

  /** One request on its way through. */
  private final class Exchange {
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Arrival arrival;
    private final int maximumBytes;

    Exchange(
        Request request, Response response, Callback callback, Arrival arrival, int maximumBytes) {
      this.request = request;
      this.response = response;
      this.callback = callback;
      this.arrival = arrival;
      this.maximumBytes = maximumBytes;
    }

    void run(byte[] body, WebHandler handler) {
      try {
        executor.execute(
            () -> {
              WebRequest whole = webRequest(body);
              if (handler instanceof StreamingHandler streaming) {
                stream(streaming, whole);
              } else {
                write(answer(handler, whole));
              }
            });
      } catch (RejectedExecutionException e) {
        refuse(503);
      }
    }

    void bodyFailed(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      if (cause instanceof TimeoutException) {
        request.fail(cause);
        refuse(408);
      } else if (cause instanceof IllegalStateException) {
        refuse(413);
      } else {
        refuse(400);
      }
    }

    /** Answers without a handler, its body unread: the connection cannot be used again. */
    void refuse(int status) {
      WebRequest empty = webRequest(new byte[0]);
      WebResponse refusal =
          switch (status) {
            case 408 ->
                refusals.error(
                    empty, 408, "Too slow", "The request took too long to arrive.", "Try again.");
            case 413 ->
                refusals.error(
                    empty,
                    413,
                    "Too large",
                    "The request is larger than the " + maximumBytes + " bytes accepted here.",
                    "");
            case 503 ->
                refusals
                    .error(
                        empty, 503, "Busy", "Too many requests at once.", "Try again in a moment.")
                    .with("Retry-After", "5");
            default ->
                refusals.error(empty, 400, "Unreadable", "The request could not be read.", "");
          };
      if (status != 503 && request.getConnectionMetaData().getHttpVersion().getVersion() < 20) {
        refusal = refusal.with("Connection", "close");
      }
      write(refusal);
    }

    private WebRequest webRequest(byte[] body) {
      Map<String, List<String>> headers = new LinkedHashMap<>();
      for (HttpField field : request.getHeaders()) {
        String value = field.getValue();
        headers
            .computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
            .add(value == null ? "" : value);
      }
      return new WebRequest(
          arrival.requestId(),
          arrival.application(),
          arrival.publicUrl(),
          arrival.urls(),
          request.getMethod(),
          arrival.path(),
          arrival.rawQuery(),
          headers,
          body,
          arrival.remoteAddress());
    }

    private void stream(StreamingHandler handler, WebRequest whole) {
      AtomicReference<OutputStream> begun = new AtomicReference<>();
      StreamingHandler.Outlet outlet =
          head -> {
            begin(head);
            OutputStream out = Content.Sink.asOutputStream(response);
            begun.set(out);
            return out;
          };
      AtomicReference<IOException> broken = new AtomicReference<>();
      AtomicBoolean written = new AtomicBoolean();
      WebResponse answer =
          answer(
              sameRequest -> {
                try {
                  WebResponse returned = handler.handle(sameRequest, outlet);
                  if (returned != null) {
                    return returned;
                  }
                  written.set(true);
                } catch (IOException e) {
                  broken.set(e);
                }
                return WebResponse.empty(502);
              },
              whole);
      OutputStream out = begun.get();
      if (out == null) {
        write(answer);
      } else if (written.get()) {
        end(out);
      } else {
        LOG.debug("The answer to request {} broke off.", whole.id(), broken.get());
        callback.failed(new IOException("The answer broke off.", broken.get()));
      }
    }

    private void end(OutputStream out) {
      try {
        out.close();
        callback.succeeded();
      } catch (IOException e) {
        callback.failed(e);
      }
    }

    private void begin(WebResponse head) {
      response.setStatus(head.status());
      HttpFields.Mutable headers = response.getHeaders();
      SecurityHeaders.complete(head).forEach(line -> headers.add(line.getKey(), line.getValue()));
    }

    private void write(WebResponse answer) {
      try {
        begin(answer);
        HttpFields.Mutable headers = response.getHeaders();
        boolean head = request.getMethod().equals("HEAD");
        boolean bodiless = answer.status() == 204 || answer.status() == 304;
        if (!bodiless) {
          headers.put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        }
        response.write(
            true,
            head || bodiless ? ByteBuffer.allocate(0) : ByteBuffer.wrap(answer.body()),
            callback);
      } catch (RuntimeException e) {
        callback.failed(e);
      }
    }
  }
}
