package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PassThroughTest {
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @Test
  void getWhenUnsignedThenAnswerOfUpstream() throws IOException {
    upstream.answers(StubUpstream.answer(203, "hello", "X-Own: yes", "Content-Type: text/plain"));
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/job/a?b=c", "Accept: */*");
      assertThat(answer.status()).isEqualTo(203);
      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.header("X-Own")).contains("yes");
      assertThat(upstream.last().start()).isEqualTo("GET /job/a?b=c HTTP/1.1");
      assertThat(upstream.last().header("Accept")).contains("*/*");
      assertThat(upstream.last().header("Host")).contains("ci.example.com");
    }
  }

  @Test
  void getWhenKeptOpenThenConnectionsAreReused() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      for (int i = 0; i < 20; i++) {
        wire.send(Wire.request("GET", "/" + i));
        assertThat(wire.answer().body()).isEqualTo("hello");
      }
      assertThat(upstream.connections()).isEqualTo(1);
    }
  }

  @Test
  void getWhenKeptConnectionWasClosedThenSentAgain() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      for (int i = 0; i < 5; i++) {
        wire.send(Wire.request("GET", "/"));
        assertThat(wire.answer().status()).isEqualTo(200);
        upstream.closeConnections();
      }
    }
  }

  @Test
  void postWhenBodyThenUpstreamGetsIt() throws IOException {
    upstream.script((request, wire) -> StubUpstream.ok(request.body()));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.form("/post", "a=b&c=d"));
      assertThat(wire.answer().body()).isEqualTo("a=b&c=d");
      wire.send(
          Wire.request("POST", "/chunks", "Transfer-Encoding: chunked")
              + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
      assertThat(wire.answer().body()).isEqualTo("hello world");
      assertThat(upstream.last().header("Content-Length")).isEmpty();
      wire.send(Wire.request("POST", "/empty", "Content-Length: 0"));
      assertThat(wire.answer().body()).isEmpty();
      assertThat(upstream.last().header("Content-Length")).contains("0");
    }
  }
}
