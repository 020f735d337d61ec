package dev.onbehalf.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAdapterTest {
  private final Pages pages = new Pages();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(1);
  private final Routes routes =
      new Routes()
          .add(
              "/plugins/echo",
              Methods.get(request -> text(request.method() + " " + request.rawQuery()))
                  .andPost(
                      request ->
                          text(
                              new String(request.body(), StandardCharsets.UTF_8)
                                  + "|"
                                  + Thread.currentThread().getName())))
          .add(
              "/plugins/fails",
              request -> {
                throw new IllegalStateException("jdbc:internal.example.com");
              })
          .add(
              "/plugins/form",
              Methods.post(request -> text(Form.body(request).value("a").orElse("none"))))
          .add(
              "/plugins/waits",
              request -> {
                entered.countDown();
                try {
                  release.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return text("done");
              });
  private final TestServer server;

  WebAdapterTest() {
    pages.addTo(routes);
    server =
        new TestServer(
            new WebAdapter(routes, pages, 4096, Duration.ofMillis(300), 1, 1), "/ci", own -> own);
  }

  private static WebResponse text(String text) {
    return WebResponse.of(200, "text/plain", text);
  }

  /** Sends header lines and the body, and reads to the end of the connection. */
  private String raw(String body, String... lines) {
    return server.raw(String.join("\r\n", lines) + "\r\nHost: localhost\r\n\r\n" + body);
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  @Test
  void handleWhenGetThenAnswersWithRequestIdAndSecurityHeaders() {
    HttpResponse<String> response = server.send(server.request("/ci/plugins/echo?a=b"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("GET a=b");
    assertThat(response.headers().firstValue("X-Request-Id")).hasValue("r1");
    assertThat(response.headers().firstValue("Content-Security-Policy"))
        .hasValue(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
                + " frame-ancestors 'none'; base-uri 'none'");
    assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @Test
  void handleWhenHeadThenSameHeadersAndNoBody() {
    String answer = raw("", "HEAD /ci/plugins/echo?x HTTP/1.1", "Connection: close");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("Content-Length: 6\r\n");
    assertThat(answer).endsWith("\r\n\r\n");
  }

  @Test
  void handleWhenPostThenHandlerRunsOnPoolOfItsOwn() {
    HttpResponse<String> response =
        server.send(server.request("/ci/plugins/echo").POST(BodyPublishers.ofString("hello")));

    assertThat(response.body()).startsWith("hello|page-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH", "get", "FOO"})
  void handleWhenMethodNotServedThen405WithAllow(String method) {
    String answer = raw("", method + " /ci/plugins/echo HTTP/1.1", "Connection: close");

    assertThat(answer).startsWith("HTTP/1.1 405").contains("Allow: GET, HEAD, POST\r\n");
  }

  @Test
  void handleWhenContentLengthAboveLimitThen413WithoutReading() {
    String answer = raw("", "POST /ci/plugins/echo HTTP/1.1", "Content-Length: 4097");

    assertThat(answer).startsWith("HTTP/1.1 413").contains("Connection: close");
  }

  @Test
  void handleWhenChunkedBodyAboveLimitThen413() {
    String answer =
        raw(
            "1001\r\n" + "x".repeat(4097) + "\r\n0\r\n\r\n",
            "POST /ci/plugins/echo HTTP/1.1",
            "Transfer-Encoding: chunked");

    assertThat(answer).startsWith("HTTP/1.1 413");
  }

  @Test
  void handleWhenBodyNeverEndsThen408() {
    String answer = raw("hel", "POST /ci/plugins/echo HTTP/1.1", "Content-Length: 9");

    assertThat(answer).startsWith("HTTP/1.1 408");
  }

  @Test
  void handleWhenChunkMalformedThenRefused() {
    String answer =
        raw(
            "zz\r\nhello\r\n0\r\n\r\n",
            "POST /ci/plugins/echo HTTP/1.1",
            "Transfer-Encoding: chunked");

    assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("Exception");
  }

  @Test
  void handleWhenHandlerFailsThen500WithoutItsMessage() {
    HttpResponse<String> response =
        server.send(server.request("/ci/plugins/fails").header("Accept", "text/html"));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).contains("r1").doesNotContain("internal").doesNotContain("at dev.");
  }

  @Test
  void handleWhenFormMalformedThen400InPlainTextForPrograms() {
    HttpResponse<String> response =
        server.send(
            server
                .request("/ci/plugins/form")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
                .POST(BodyPublishers.ofString("a=%4")));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(response.body()).contains("incomplete percent escape");
  }

  @Test
  void handleWhenFormSentAsJsonThen415() {
    HttpResponse<String> response =
        server.send(
            server
                .request("/ci/plugins/form")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/-/onbehalf", "/-/onbehalf/nothing", "/-/onbehalf/../x"})
  void handleWhenReservedPathUnknownThen404(String path) {
    String answer = raw("", "GET /ci" + path + " HTTP/1.1", "Connection: close");

    assertThat(answer).matches("(?s)HTTP/1.1 40[04].*");
  }

  @Test
  void handleWhenPathIsTheUpstreamsThenLeavesIt() {
    String answer = raw("", "GET /ci/login HTTP/1.1", "Connection: close");

    assertThat(answer).startsWith("HTTP/1.1 404").doesNotContain("X-Request-Id");
  }

  @Test
  void handleWhenPoolAndQueueFullThen503() throws InterruptedException {
    CompletableFuture<HttpResponse<String>> running = inBackground();
    entered.await();
    CompletableFuture<HttpResponse<String>> second = inBackground();
    CompletableFuture<HttpResponse<String>> third = inBackground();
    CompletableFuture.anyOf(second, third).join();
    release.countDown();

    assertThat(running.join().body()).isEqualTo("done");
    assertThat(List.of(second.join().statusCode(), third.join().statusCode()))
        .containsExactlyInAnyOrder(200, 503);
  }

  private CompletableFuture<HttpResponse<String>> inBackground() {
    return CompletableFuture.supplyAsync(() -> server.send(server.request("/ci/plugins/waits")));
  }

  @Test
  void styleWhenAskedByItsHashThenCacheable() {
    HttpResponse<String> page =
        server.send(server.request("/ci/-/onbehalf/none").header("Accept", "text/html,*/*"));
    String link = page.body().replaceAll("(?s).*href=\"([^\"]*style[^\"]*)\".*", "$1");
    HttpResponse<String> style = server.send(server.request(link));
    HttpResponse<String> other = server.send(server.request("/ci/-/onbehalf/style.css?v=old"));

    assertThat(link).matches("/ci/-/onbehalf/style\\.css\\?v=[0-9a-f]{16}");
    assertThat(style.headers().firstValue("Cache-Control"))
        .hasValue("public, max-age=31536000, immutable");
    assertThat(style.headers().firstValue("Content-Type")).hasValue("text/css; charset=utf-8");
    assertThat(other.headers().firstValue("Cache-Control")).hasValue("no-cache");
  }
}
