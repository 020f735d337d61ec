package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.config.LimitConfig;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private StubUpstream upstream;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private TestGateway.Builder gateway(int requests, int checks, int consumer) {
    Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    return TestGateway.in(upstream)
        .trusted("127.0.0.1")
        .authenticator(new SignedAs())
        .clock(clock)
        .limits(new LimitConfig(32 * 1024, 64 * 1024, 64 * 1024, requests, checks, consumer));
  }

  private static int get(TestGateway gateway, String... headers) throws IOException {
    return Wire.get(gateway.port(), "/", headers).status();
  }

  @Test
  void getWhenAddressSendsTooManyThenTooManyRequests() throws IOException {
    try (TestGateway gateway = gateway(2, 0, 0).start()) {
      for (int i = 0; i < 4; i++) {
        assertThat(get(gateway, "X-Forwarded-For: 192.0.2.1")).isEqualTo(200);
      }
      Wire.Message answer = Wire.get(gateway.port(), "/", "X-Forwarded-For: 192.0.2.1");
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.header("Retry-After")).contains("1");
      assertThat(answer.header("X-Request-Id")).isPresent();
      assertThat(get(gateway, "X-Forwarded-For: 192.0.2.1")).isEqualTo(429);
      assertThat(get(gateway, "X-Forwarded-For: 192.0.2.2")).isEqualTo(200);
      assertThat(gateway.events())
          .singleElement()
          .satisfies(event -> assertThat(event.problem()).isEqualTo("rate-limited"));
      now = now.plus(Duration.ofSeconds(1));
      assertThat(get(gateway, "X-Forwarded-For: 192.0.2.1")).isEqualTo(200);
    }
  }

  @Test
  void getWhenOneNetworkOfIpv6ThenOneAddress() throws IOException {
    try (TestGateway gateway = gateway(1, 0, 0).start()) {
      assertThat(get(gateway, "X-Forwarded-For: 2001:db8::1")).isEqualTo(200);
      assertThat(get(gateway, "X-Forwarded-For: 2001:db8::2")).isEqualTo(200);
      assertThat(get(gateway, "X-Forwarded-For: 2001:db8::3")).isEqualTo(429);
      assertThat(get(gateway, "X-Forwarded-For: 2001:db8:0:1::1")).isEqualTo(200);
    }
  }

  @Test
  void getWhenSignaturesAreWrongThenTooManyRequests() throws IOException {
    try (TestGateway gateway = gateway(0, 2, 0).start()) {
      for (int i = 0; i < 20; i++) {
        assertThat(get(gateway, SignedAs.header("alice"))).isEqualTo(200);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(get(gateway, SignedAs.header("forger"))).isEqualTo(401);
      }
      assertThat(get(gateway, SignedAs.header("forger"))).isEqualTo(429);
      assertThat(get(gateway)).isEqualTo(200);
    }
  }

  @Test
  void getWhenConsumerSendsTooManyThenTooManyRequests() throws IOException {
    try (TestGateway gateway = gateway(0, 0, 2).start()) {
      for (int i = 0; i < 4; i++) {
        assertThat(get(gateway, SignedAs.header("user" + i), "X-Forwarded-For: 192.0.2." + i))
            .isEqualTo(200);
      }
      assertThat(get(gateway, SignedAs.header("alice"))).isEqualTo(429);
      assertThat(get(gateway)).isEqualTo(200);
      assertThat(gateway.events())
          .last()
          .satisfies(
              event -> {
                assertThat(event.problem()).isEqualTo("rate-limited");
                assertThat(event.consumer()).isEqualTo("jira");
              });
    }
  }

  @Test
  void getWhenSignedThenTheAuditNamesTheCredential() throws IOException {
    try (TestGateway gateway = gateway(0, 0, 2).start()) {
      assertThat(get(gateway, SignedAs.header("alice"))).isEqualTo(200);
      assertThat(gateway.events())
          .singleElement()
          .satisfies(event -> assertThat(event.detail()).contains("credential key-1"));
    }
  }

  @Test
  void getWhenSignatureIsWrongThenItsConsumerIsNotCounted() throws IOException {
    try (TestGateway gateway = gateway(0, 0, 1).start()) {
      for (int i = 0; i < 5; i++) {
        assertThat(get(gateway, SignedAs.header("forger"))).isEqualTo(401);
        assertThat(get(gateway, SignedAs.header("replayed"))).isEqualTo(401);
      }
      assertThat(get(gateway, SignedAs.header("alice"))).isEqualTo(200);
    }
  }

  @Test
  void getWhenCookiesFindNoSessionThenTooManyRequests() throws IOException {
    try (TestGateway gateway =
        gateway(0, 2, 0)
            .signIn(SignIn.OPTIONAL)
            .session("good", TestGateway.person("alice"))
            .start()) {
      String cookie = "Cookie: " + TestGateway.SESSION_COOKIE + "=";
      for (int i = 0; i < 20; i++) {
        assertThat(get(gateway, cookie + "good")).isEqualTo(200);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(get(gateway, cookie + "bogus" + i)).isEqualTo(200);
      }
      int served = upstream.requests().size();
      assertThat(get(gateway, cookie + "bogus")).isEqualTo(429);
      assertThat(upstream.requests()).hasSize(served);
      assertThat(get(gateway)).isEqualTo(200);
    }
  }

  @Test
  void getWhenOwnPagesAreFloodedThenTooManyRequests() throws IOException {
    TestGateway.Builder builder = gateway(0, 1, 0);
    builder.routes().add("/-/onbehalf/x", request -> WebResponse.of(200, "text/plain", "own"));
    try (TestGateway gateway = builder.start()) {
      assertThat(Wire.get(gateway.port(), "/-/onbehalf/x").status()).isEqualTo(200);
      assertThat(Wire.get(gateway.port(), "/-/onbehalf/x").status()).isEqualTo(200);
      assertThat(Wire.get(gateway.port(), "/-/onbehalf/x").status()).isEqualTo(429);
    }
  }
}
