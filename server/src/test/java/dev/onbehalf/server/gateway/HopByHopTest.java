package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 section 7.6.1; {@code docs/threat-model.md} attacks 5 and 6. */
class HopByHopTest {
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Keep-Alive: timeout=5",
        "Proxy-Connection: keep-alive",
        "TE: trailers",
        "Trailer: X-Check",
        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
        "Proxy-Authorization: Basic abc",
        "Expect: 100-continue",
      })
  void getWhenHopByHopThenStaysBehind(String header) throws IOException {
    String name = header.substring(0, header.indexOf(':'));
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.get(gateway.port(), "/", header, "X-End: kept");
      assertThat(upstream.last().all(name)).isEmpty();
      assertThat(upstream.last().all("X-End")).containsExactly("kept");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: X-Hop",
        "Connection: close, x-hop",
        "Connection: keep-alive,, ,X-Hop,",
        "Connection:\r\nConnection: X-Hop",
        "connection: x_hop",
      })
  void getWhenListedInConnectionThenStaysBehind(String lines) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      String[] headers = (lines + "\r\nX-Hop: here\r\nX-End: kept").split("\r\n", -1);
      Wire.get(gateway.port(), "/", headers);
      assertThat(upstream.last().all("X-Hop")).isEmpty();
      assertThat(upstream.last().all("X-End")).containsExactly("kept");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"})
  void getWhenConnectionNamesOurHeadersThenTheyStillArrive(String name) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.get(gateway.port(), "/", "Connection: close, " + name);
      assertThat(upstream.last().all(name)).hasSize(1);
    }
  }

  @Test
  void getWhenUpstreamNamesHopByHopThenClientDoesNotSeeThem() throws IOException {
    upstream.answers(
        StubUpstream.answer(
            200,
            "x",
            "Connection: X-Inner",
            "X-Inner: secret",
            "Keep-Alive: timeout=5",
            "Proxy-Authenticate: Basic",
            "X-End: kept"));
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/");
      assertThat(answer.all("X-Inner")).isEmpty();
      assertThat(answer.all("Keep-Alive")).isEmpty();
      assertThat(answer.all("Proxy-Authenticate")).isEmpty();
      assertThat(answer.all("X-End")).containsExactly("kept");
    }
  }

  @Test
  void postWhenExpectContinueThenGatewayAsksForTheBody() throws IOException {
    upstream.script((request, wire) -> StubUpstream.ok(request.body()));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("POST", "/", "Expect: 100-continue", "Content-Length: 5"));
      assertThat(wire.head().orElseThrow().status()).isEqualTo(100);
      wire.send("hello");
      assertThat(wire.answer().body()).isEqualTo("hello");
    }
  }

  @Test
  void getWhenUpstreamSendsInterimAnswersThenTheLastOneCounts() throws IOException {
    upstream.answers(
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + StubUpstream.answer(200, "real"));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      for (int i = 0; i < 3; i++) {
        wire.send(Wire.request("GET", "/"));
        assertThat(wire.answer().body()).isEqualTo("real");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "CONNECT"})
  void requestWhenMethodIsForTheHopThenRefused(String method) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      String target = method.equals("CONNECT") ? "ci.example.com:80" : "/";
      assertThat(Wire.exchange(gateway.port(), Wire.request(method, target)).status())
          .isBetween(400, 405);
      assertThat(upstream.requests()).isEmpty();
    }
  }
}
