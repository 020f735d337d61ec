package dev.onbehalf.delivery.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One exchange over HTTP: within a time limit that covers the body, of bounded size, and never
 * redirected.
 */
final class Http {
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final HttpClient client;
  private final Duration timeout;

  Http(
      UnaryOperator<HttpClient.Builder> settings,
      @Nullable ProxySelector proxy,
      Duration connectTimeout,
      Duration timeout) {
    HttpClient.Builder builder =
        settings
            .apply(HttpClient.newBuilder())
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout);
    if (proxy != null) {
      builder.proxy(proxy);
    }
    this.client = builder.build();
    this.timeout = timeout;
  }

  record Answer(int status, HttpHeaders headers, String body) {}

  HttpRequest.Builder request(URI uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("User-Agent", "onbehalf");
    if ("http".equalsIgnoreCase(uri.getScheme())) {
      request.version(HttpClient.Version.HTTP_1_1);
    }
    return request;
  }

  Answer exchange(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(request, answer -> new BoundedBody());
    try {
      HttpResponse<String> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new IOException("no complete answer within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    }
  }

  private static final class BoundedBody implements HttpResponse.BodySubscriber<String> {
    private final CompletableFuture<String> done = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<String> getBody() {
      return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.write(part, 0, part.length);
      }
      if (bytes.size() > MAX_ANSWER_BYTES && subscription != null) {
        subscription.cancel();
        done.completeExceptionally(
            new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes"));
      }
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      done.complete(bytes.toString(StandardCharsets.UTF_8));
    }
  }
}
