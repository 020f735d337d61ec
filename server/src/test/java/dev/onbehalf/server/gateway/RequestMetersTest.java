package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private double requests(String outcome) {
    return registry
        .get("onbehalf.requests")
        .tags("application", "ci", "outcome", outcome)
        .counter()
        .count();
  }

  private double refusals(String problem) {
    return registry
        .get("onbehalf.refusals")
        .tags("application", "ci", "problem", problem)
        .counter()
        .count();
  }

  private long upstreamAnswers() {
    return registry.get("onbehalf.upstream").timer().count();
  }

  @Test
  void requestWhenDecidedThenCountedByOutcomeOnce() throws IOException {
    try (TestGateway gateway =
        TestGateway.in(upstream)
            .signIn(SignIn.OPTIONAL)
            .authenticator(new SignedAs())
            .session("c1", TestGateway.person("bob"))
            .policy(
                (caller, application, method, path) ->
                    path.equals("/secret") ? "This consumer may not read that." : null)
            .meters(registry)
            .start()) {
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("alice")).status()).isEqualTo(200);
      assertThat(Wire.get(gateway.port(), "/secret", SignedAs.header("alice")).status())
          .isEqualTo(403);
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("forger")).status()).isEqualTo(401);
      assertThat(Wire.get(gateway.port(), "/").status()).isEqualTo(200);
      assertThat(
              Wire.get(gateway.port(), "/", "Cookie: " + TestGateway.SESSION_COOKIE + "=c1")
                  .status())
          .isEqualTo(200);
    }
    assertThat(requests("signed")).isEqualTo(1);
    assertThat(requests("unsigned")).isEqualTo(1);
    assertThat(requests("session")).isEqualTo(1);
    assertThat(requests("refused")).isEqualTo(2);
    assertThat(refusals("policy")).isEqualTo(1);
    assertThat(refusals("signature_invalid")).isEqualTo(1);
    assertThat(upstreamAnswers()).isEqualTo(3);
    assertThat(registry.get("onbehalf.verification").timer().count()).isEqualTo(3);
  }

  @Test
  void requestWhenNobodySignedInThenCountedAsSentToSignIn() throws IOException {
    try (TestGateway gateway =
        TestGateway.in(upstream).signIn(SignIn.REQUIRED).meters(registry).start()) {
      Wire.get(gateway.port(), "/");
      Wire.get(gateway.port(), "/", "Accept: text/html");
    }
    assertThat(requests("sign-in")).isEqualTo(2);
    assertThat(upstreamAnswers()).isZero();
  }

  @Test
  void requestWhenTheUpstreamIsDownThenCountedAsFailed() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).meters(registry).start()) {
      upstream.close();
      assertThat(Wire.get(gateway.port(), "/").status()).isEqualTo(502);
    }
    assertThat(
            registry
                .get("onbehalf.upstream.failures")
                .tags("reason", "unreachable")
                .counter()
                .count())
        .isEqualTo(1);
  }
}
