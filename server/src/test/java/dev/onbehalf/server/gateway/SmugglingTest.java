package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attacks 13 to 16 and 18 (headers); RFC 9112 sections 3, 5 and 6. */
class SmugglingTest {
  private static final String HOST = "Host: ci.example.com\r\n";
  private static final String NEXT = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static String post(String headers, String body) {
    return "POST / HTTP/1.1\r\n" + HOST + headers + "\r\n" + body + NEXT;
  }

  static Stream<String> malformed() {
    return Stream.of(
        post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
        post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
        post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
        post("Content-Length: 5, 5\r\n", "hello"),
        post("Content-Length: +5\r\n", "hello"),
        post("Content-Length: -5\r\n", "hello"),
        post("Content-Length: 0x5\r\n", "hello"),
        post("Content-Length: 5 5\r\n", "hello"),
        post("Content-Length: five\r\n", "hello"),
        post("Content-Length:\r\n", "hello"),
        post("Content-Length: 99999999999999999999\r\n", "hello"),
        post("Content-Length : 5\r\n", "hello"),
        post("Transfer-Encoding: identity\r\n", "hello"),
        post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: gzip\r\n", "hello"),
        "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
        "POST / HTTP/1.0\r\n"
            + HOST
            + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + NEXT,
        post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding\t: chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n"),
        post("X-A: b\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("X-A: b\r\n\tfolded\r\n", ""),
        post("X-A\r\n", ""),
        post("X A: b\r\n", ""),
        post("X-A: b\u0000c\r\n", ""),
        post(": b\r\n", ""),
        post("X-A: b\rX-B: c\r\n", ""),
        "POST / HTTP/1.1\n" + HOST.replace("\r\n", "\n") + "\n",
        "GET / HTTP/1.1\r\nX-A: b\nHost: ci.example.com\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n",
        "GET / HTTP/1.1\r\n" + HOST + "Host: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: ci.example.com/evil\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: user@ci.example.com\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: ci.example.com:port\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: ci.example.com evil\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/0.9\r\n" + HOST + "\r\n",
        "GET / HTTP/1.2\r\n" + HOST + "\r\n",
        "GET / HTTP/2.0\r\n" + HOST + "\r\n",
        "GET / HTTPS/1.1\r\n" + HOST + "\r\n",
        "GET / evil HTTP/1.1\r\n" + HOST + "\r\n",
        "GE\u0001T / HTTP/1.1\r\n" + HOST + "\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void requestWhenFramingIsDoubtfulThenRefusedAndClosed(String request) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(request);
      Wire.Message answer = wire.answer();
      assertThat(answer.status()).isIn(400, 426, 501, 505);
      assertThat(answer.body()).doesNotContain("<").doesNotContain("evil");
      assertThat(wire.head()).isEqualTo(Optional.empty());
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/",
        "http://user:pw@ci.example.com/",
        "http://ci.example.com@evil.example/",
        "http://ci.example.com:666/",
        "//user@evil.example/",
      })
  void getWhenTargetNamesAnotherAuthorityThenRefusedOrPlainPath(String target) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      int status = Wire.get(gateway.port(), target).status();
      assertThat(status).isEqualTo(target.startsWith("//") ? 200 : 400);
      assertThat(upstream.requests()).hasSize(status == 200 ? 1 : 0);
      if (status == 200) {
        assertThat(upstream.last().target()).isEqualTo(target);
        assertThat(upstream.last().all("Host")).containsExactly("ci.example.com");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
        "5\rhello\r\n0\r\n\r\n",
        "5\nhello\n0\n\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloXX0\r\n\r\n",
        "ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "100000000000000005\r\nhello\r\n0\r\n\r\n",
        "5;a=\"\n\r\nhello\r\n0\r\n\r\n",
        "5;a=\"unterminated\r\n\"\r\nhello\r\n0\r\n\r\n",
        "\r\n5\r\nhello\r\n0\r\n\r\n",
      })
  void postWhenChunksAreMalformedThenNothingIsSmuggled(String chunks) throws IOException {
    upstream.script((request, wire) -> StubUpstream.ok(request.body()));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(post("Transfer-Encoding: chunked\r\n", chunks));
      try {
        for (Optional<Wire.Message> next = wire.head(); next.isPresent(); next = wire.head()) {
          assertThat(next.get().status()).isIn(400, 502);
          wire.body(next.get(), true);
        }
      } catch (IOException e) {
        assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
      }
      assertThat(upstream.requests()).noneMatch(request -> request.target().equals("/smuggled"));
    }
  }

  @Test
  void postWhenChunksHaveExtensionsAndTrailersThenTheyStayBehind() throws IOException {
    upstream.script((request, wire) -> StubUpstream.ok(request.body()));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(
          Wire.request("POST", "/", "Transfer-Encoding: chunked")
              + "5;a=\"b\"\r\nhello\r\n0\r\nX-Forwarded-User: bob\r\n\r\n"
              + Wire.request("GET", "/next"));
      assertThat(wire.answer().body()).isEqualTo("hello");
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(upstream.requests()).hasSize(2);
      assertThat(upstream.requests().get(1).lines()).noneMatch(line -> line.contains("bob"));
    }
  }

  @Test
  void getWhenAbsoluteFormOfOurHostThenOriginFormUpstream() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), "http://ci.example.com/a?b").status()).isEqualTo(200);
      assertThat(upstream.last().start()).isEqualTo("GET /a?b HTTP/1.1");
    }
  }

  @Test
  void getWhenHostIsUnknownAndThereAreSeveralApplicationsThenNotFound() throws IOException {
    TestGateway.Builder builder = TestGateway.in(upstream);
    try (TestGateway gateway =
        builder.application(builder.applicationConfig("other", "http://two.example.com")).start()) {
      assertThat(Wire.get(gateway.port(), "/", "Host: evil.example").status()).isEqualTo(404);
      assertThat(upstream.requests()).isEmpty();
      assertThat(Wire.get(gateway.port(), "/", "Host: two.example.com").status()).isEqualTo(200);
      assertThat(upstream.last().header("Host")).contains("two.example.com");
    }
  }

  @Test
  void getWhenHeadersAreHugeThenRefused() throws IOException {
    try (TestGateway gateway =
        TestGateway.in(upstream).limits(new LimitConfig(8 * 1024, 64 * 1024, 64 * 1024)).start()) {
      assertThat(Wire.get(gateway.port(), "/", "X-A: " + "b".repeat(10_000)).status())
          .isEqualTo(431);
      assertThat(Wire.get(gateway.port(), "/" + "a".repeat(10_000)).status()).isIn(414, 431);
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 2_000; i++) {
        many.append("X-").append(i).append(": b\r\n");
      }
      assertThat(Wire.get(gateway.port(), "/", many.toString().strip().split("\r\n", -1)).status())
          .isEqualTo(431);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void getWhenPipelinedThenAnsweredInOrder() throws IOException {
    upstream.script((request, wire) -> StubUpstream.ok(request.target()));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(Wire.request("GET", "/1") + Wire.form("/2", "a=b") + Wire.request("GET", "/3"));
      assertThat(wire.answer().body()).isEqualTo("/1");
      assertThat(wire.answer().body()).isEqualTo("/2");
      assertThat(wire.answer().body()).isEqualTo("/3");
    }
  }
}
