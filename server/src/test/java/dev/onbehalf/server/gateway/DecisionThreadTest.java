package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On which thread a signature is checked, and that the answer is the same on both. */
class DecisionThreadTest {
  private StubUpstream upstream;
  private final SignedAs provider = new SignedAs();

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({"true, gateway-", "false, decision-"})
  void getWhenSignedThenCheckedWhereNothingWaits(boolean atOnce, String thread) throws IOException {
    provider.atOnce = atOnce;
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(provider).start()) {
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("alice")).status()).isEqualTo(200);
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("forger")).status()).isEqualTo(401);
    }

    assertThat(upstream.last().header("X-Forwarded-User")).contains("alice");
    assertThat(provider.threads).hasSize(2).allMatch(name -> name.startsWith(thread));
  }

  @ParameterizedTest
  @ValueSource(ints = {16 * 1024, 16 * 1024 + 1})
  void postWhenFormIsLargeThenTheReaderIsNotHeldUp(int bytes) throws IOException {
    String form = "a=" + "x".repeat(bytes - 2);
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(provider).start()) {
      Wire.Message answer =
          Wire.exchange(gateway.port(), Wire.form("/", form, SignedAs.header("alice")));
      assertThat(answer.status()).isEqualTo(200);
    }

    assertThat(provider.threads)
        .singleElement()
        .asString()
        .startsWith(bytes > 16 * 1024 ? "decision-" : "gateway-");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void getWhenTheCheckFailsThenRefusedAndServedAgainLater(boolean atOnce) throws IOException {
    provider.atOnce = atOnce;
    provider.unavailable = true;
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(provider).start()) {
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("alice")).status()).isEqualTo(503);
      provider.unavailable = false;
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("alice")).status()).isEqualTo(200);
    }
  }
}
