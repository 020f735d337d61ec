package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.TestHttp;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attacks 18 (upstream side) and 68. */
class UpstreamFailureTest {
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static void assertOurs(Wire.Message answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    String id = answer.header("X-Request-Id").orElseThrow();
    assertThat(answer.body()).contains("Request: " + id);
    assertThat(answer.body()).doesNotContain("127.0.0.1").doesNotContain("Exception");
  }

  @Test
  void getWhenUpstreamIsDownThenBadGateway() throws IOException {
    int port = TestHttp.freePort();
    try (TestGateway gateway =
        TestGateway.in(URI.create("http://127.0.0.1:" + port))
            .authenticator(new SignedAs())
            .start()) {
      assertOurs(Wire.get(gateway.port(), "/"), 502);
      assertOurs(Wire.get(gateway.port(), "/", SignedAs.header("alice")), 502);
      assertThat(gateway.events())
          .singleElement()
          .satisfies(event -> assertThat(event.outcome()).isEqualTo(Outcome.FAILED));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Header: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      })
  void getWhenUpstreamAnswersNoHttpThenBadGateway(String answer) throws IOException {
    upstream.script(
        (request, wire) -> {
          wire.send(answer);
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertOurs(Wire.get(gateway.port(), "/"), 502);
    }
  }

  @Test
  void getWhenHeaderOfAnswerIsHugeThenBadGateway() throws IOException {
    upstream.answers(StubUpstream.answer(200, "", "X-Huge: " + "x".repeat(200_000)));
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertOurs(Wire.get(gateway.port(), "/"), 502);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxx\r\n",
      })
  void getWhenAnswerBreaksOffThenClientSeesThatItIsNotWhole(String answer) throws IOException {
    CountDownLatch seen = new CountDownLatch(1);
    upstream.script(
        (request, wire) -> {
          wire.send(answer);
          try {
            seen.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("GET", "/"));
      Wire.Message head = wire.head().orElseThrow();
      if (head.status() == 502) {
        return;
      }
      assertThat(head.status()).isEqualTo(200);
      seen.countDown();
      assertThatThrownBy(() -> wire.body(head, true)).isInstanceOf(IOException.class);
    } finally {
      seen.countDown();
    }
  }

  @Test
  void getWhenUpstreamIsSilentThenGatewayTimeout() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    upstream.script(
        (request, wire) -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        });
    try (TestGateway gateway =
        TestGateway.in(upstream).timeouts(Duration.ofSeconds(5), Duration.ofMillis(300)).start()) {
      assertOurs(Wire.get(gateway.port(), "/"), 504);
    } finally {
      end.countDown();
    }
  }

  @Test
  void postWhenCrumbCannotBeFetchedThenBadGateway() throws IOException {
    upstream.script((request, wire) -> null);
    try (TestGateway gateway =
        TestGateway.in(upstream).adapter(Adapter.JENKINS).authenticator(new SignedAs()).start()) {
      assertOurs(
          Wire.exchange(
              gateway.port(),
              Wire.request("POST", "/x", SignedAs.header("alice"), "Content-Length: 0")),
          502);
      assertThat(gateway.events())
          .singleElement()
          .satisfies(event -> assertThat(event.problem()).isEqualTo("upstream"));
    }
  }

  @Test
  void postWhenUpstreamAnswersBeforeItHasReadAllThenItsAnswerArrives() throws IOException {
    upstream.leaveBodies();
    upstream.script(
        (request, wire) -> {
          wire.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("POST", "/", "Content-Length: 100000") + "start");
      Wire.Message answer = wire.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("big");
    }
  }

  @Test
  void postWhenConnectionBreaksThenNeverSentTwice() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("GET", "/"));
      wire.answer();
      upstream.script((request, other) -> null);
      wire.send(Wire.request("POST", "/", "Content-Length: 2") + "ab");
      assertThat(wire.answer().status()).isEqualTo(502);
      assertThat(upstream.requests()).filteredOn(each -> each.method().equals("POST")).hasSize(1);
    }
  }
}
