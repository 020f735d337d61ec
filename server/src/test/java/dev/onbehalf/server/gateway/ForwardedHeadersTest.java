package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attacks 8, 9, 12 and 16. */
class ForwardedHeadersTest {
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
        "X-Forwarded-For: 192.0.2.7",
        "X-Forwarded-Proto: evil",
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Port: 666",
        "X-Forwarded-Uri: /evil",
        "X-Forwarded-Prefix: /evil",
        "X_Forwarded_For: 192.0.2.7",
        "Forwarded: for=192.0.2.7;host=evil.example;proto=evil",
        "X-Real-IP: 192.0.2.7",
      })
  void getWhenPeerIsNotTrustedThenItsWordDoesNotCount(String header) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.get(gateway.port(), "/", header);
      Wire.Message seen = upstream.last();
      assertThat(seen.lines()).noneMatch(line -> line.contains("evil"));
      assertThat(seen.lines()).noneMatch(line -> line.contains("192.0.2.7"));
      assertThat(seen.all("X-Forwarded-For")).containsExactly("127.0.0.1");
      assertThat(seen.all("X-Forwarded-Proto")).containsExactly("http");
      assertThat(seen.all("X-Forwarded-Host")).containsExactly("ci.example.com");
      assertThat(seen.all("X-Forwarded-Port")).containsExactly("80");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          127.0.0.1             | X-Forwarded-For: 192.0.2.7                          | 192.0.2.7
          127.0.0.0/8           | X-Forwarded-For: 192.0.2.7                          | 192.0.2.7
          127.0.0.1             | X-Forwarded-For: 6.6.6.6, 192.0.2.7                 | 192.0.2.7
          127.0.0.1,10.0.0.0/8  | X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.2.3       | 192.0.2.7
          127.0.0.1,10.0.0.0/8  | X-Forwarded-For: 10.1.2.3                           | 10.1.2.3
          127.0.0.1             | X-Forwarded-For: 192.0.2.7:5000                     | 192.0.2.7
          127.0.0.1             | X-Forwarded-For: 2001:db8::7                        | 2001:db8:0:0:0:0:0:7
          127.0.0.1             | X-Forwarded-For: [2001:db8::7]:5000                 | 2001:db8:0:0:0:0:0:7
          127.0.0.1             | X-Forwarded-For: unknown                            | 127.0.0.1
          127.0.0.1             | X-Forwarded-For: 6.6.6.6, evil.example              | 127.0.0.1
          127.0.0.1             | X-Forwarded-For: 6.6.6.6~X-Forwarded-For: 192.0.2.7 | 192.0.2.7
          127.0.0.1             | Forwarded: for=192.0.2.7;proto=https                | 192.0.2.7
          127.0.0.1             | Forwarded: for=6.6.6.6, for="[2001:db8::7]:5000"    | 2001:db8:0:0:0:0:0:7
          127.0.0.1             | Forwarded: for=192.0.2.7~X-Forwarded-For: 192.0.2.7 | 192.0.2.7
          127.0.0.1             | X-Forwarded-For: 6.6.6.6~Forwarded: for=192.0.2.7   | 127.0.0.1
          127.0.0.1             | Forwarded: for=6.6.6.6~X-Forwarded-For: 192.0.2.7   | 127.0.0.1
          127.0.0.1             | Forwarded: proto=https~X-Forwarded-For: 192.0.2.7   | 127.0.0.1
          10.0.0.0/8            | X-Forwarded-For: 192.0.2.7                          | 127.0.0.1
          -                     | X-Forwarded-For: 192.0.2.7                          | 127.0.0.1
          """)
  void getWhenPeerIsTrustedThenWalkedFromTheRight(
      @Nullable String trusted, String header, String expected) throws IOException {
    String[] proxies = trusted == null ? new String[0] : trusted.split(",", -1);
    try (TestGateway gateway = TestGateway.in(upstream).trusted(proxies).start()) {
      Wire.get(gateway.port(), "/", header.split("~", -1));
      assertThat(upstream.last().all("X-Forwarded-For")).containsExactly(expected);
      assertThat(upstream.last().all("Forwarded")).isEmpty();
    }
  }

  @Test
  void getWhenForwardedChainIsEndlessThenBounded() throws IOException {
    List<String> hops = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      hops.add("10.0.0.1");
    }
    try (TestGateway gateway =
        TestGateway.in(upstream).trusted("127.0.0.1", "10.0.0.0/8").start()) {
      Wire.get(gateway.port(), "/", "X-Forwarded-For: 192.0.2.7, " + String.join(", ", hops));
      assertThat(upstream.last().all("X-Forwarded-For")).containsExactly("10.0.0.1");
    }
  }

  @Test
  void getWhenHostIsAnotherThenUpstreamSeesThePublicOne() throws IOException {
    SignedAs signed = new SignedAs();
    try (TestGateway gateway =
        TestGateway.in(upstream)
            .authenticator(signed)
            .publicUrl("https://ci.example.com", "http://ci.internal:8080")
            .start()) {
      Wire.get(gateway.port(), "/a", "Host: evil.example", SignedAs.header("alice"));
      assertThat(upstream.last().all("Host")).containsExactly("ci.example.com");
      assertThat(upstream.last().all("X-Forwarded-Proto")).containsExactly("https");
      assertThat(upstream.last().all("X-Forwarded-Port")).containsExactly("443");
      assertThat(signed.seen.get(0).urls())
          .containsExactly("https://ci.example.com/a", "http://ci.internal:8080/a");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:PORT/job/a, https://ci.example.com/job/a",
    "http://127.0.0.1:PORT, https://ci.example.com",
    "https://127.0.0.1:PORT/x?y#z, https://ci.example.com/x?y#z",
    "http://ci.example.com/job/a, https://ci.example.com/job/a",
    "http://other.example.com/x, http://other.example.com/x",
    "/job/a, /job/a",
    "job/a, job/a",
    "//other.example.com/x, //other.example.com/x",
  })
  void getWhenUpstreamRedirectsThenItsOwnNameDoesNotShow(String location, String expected)
      throws IOException {
    String given = location.replace("PORT", "" + upstream.port());
    upstream.answers(StubUpstream.answer(302, "", "Location: " + given));
    try (TestGateway gateway =
        TestGateway.in(upstream).publicUrl("https://ci.example.com").start()) {
      assertThat(Wire.get(gateway.port(), "/").header("Location")).contains(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/inner/job/a, /ci/job/a",
    "http://127.0.0.1:PORT/inner/job/a, https://example.com/ci/job/a",
    "/other, /other",
    "/innermost, /innermost",
  })
  void getWhenBasePathsDifferThenRedirectsAreTranslated(String location, String expected)
      throws IOException {
    String given = location.replace("PORT", "" + upstream.port());
    upstream.answers(
        StubUpstream.answer(302, "", "Location: " + given, "Set-Cookie: a=b; Path=/inner"));
    try (TestGateway gateway =
        TestGateway.in(upstream)
            .upstreamPath("/inner")
            .publicUrl("https://example.com/ci")
            .start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/ci/job/a", "Host: example.com");
      assertThat(upstream.last().target()).isEqualTo("/inner/job/a");
      assertThat(answer.header("Location")).contains(expected);
      assertThat(answer.header("Set-Cookie")).contains("a=b; Path=/ci");
    }
  }

  @Test
  void getWhenCookieDomainIsTheUpstreamsThenTakenAway() throws IOException {
    upstream.answers(
        StubUpstream.answer(200, "", "Set-Cookie: a=b; Domain=internal.example; HttpOnly"));
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), "/").header("Set-Cookie")).contains("a=b; HttpOnly");
    }
  }
}
