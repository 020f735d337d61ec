package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attack 17. */
class UpgradeTest {
  private static final String SWITCH =
      """
      HTTP/1.1 101 Switching Protocols\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      \r
      """;
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
    upstream.script(
        (request, wire) -> {
          if (request.header("Upgrade").isEmpty()) {
            return StubUpstream.ok("plain");
          }
          wire.send(SWITCH + "welcome");
          for (int b = wire.read(); b >= 0; b = wire.read()) {
            wire.send(String.valueOf((char) (b + 1)));
            if (b == 'z') {
              return null;
            }
          }
          return null;
        });
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private static String upgrade(String... headers) {
    return Wire.request(
        "GET",
        "/ws",
        Stream.concat(
                Stream.of(
                    "Connection: keep-alive, Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
                Arrays.stream(headers))
            .toArray(String[]::new));
  }

  private static String read(Wire wire, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int b = wire.read();
      if (b < 0) {
        return text + "<end>";
      }
      text.append((char) b);
    }
    return text.toString();
  }

  @Test
  void upgradeWhenUpstreamAgreesThenBytesPassBothWays() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(upgrade() + "abc");
      Wire.Message answer = wire.head().orElseThrow();
      assertThat(answer.status()).isEqualTo(101);
      assertThat(answer.header("Upgrade")).contains("websocket");
      assertThat(answer.header("Connection")).contains("Upgrade");
      assertThat(answer.header("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(read(wire, 10)).isEqualTo("welcomebcd");
      wire.send("GET / HTTP/1.1");
      assertThat(read(wire, 14)).isEqualTo("HFU!0!IUUQ02/2");
      wire.send("z");
      assertThat(read(wire, 2)).isEqualTo("{<end>");
      assertThat(upstream.last().header("Upgrade")).contains("websocket");
      assertThat(upstream.last().header("X-Forwarded-User")).isEmpty();
    }
  }

  @Test
  void upgradeWhenSignedThenUpstreamSeesThePerson() throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(new SignedAs()).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(upgrade(SignedAs.header("alice"), "X-Forwarded-User: bob"));
      assertThat(wire.head().orElseThrow().status()).isEqualTo(101);
      assertThat(upstream.last().all("X-Forwarded-User")).containsExactly("alice");
      assertThat(upstream.last().all("Authorization")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONAL, Origin: http://ci.example.com, 101, alice",
    "OPTIONAL, Origin: https://evil.example, 403, ''",
    "OPTIONAL, Origin: null, 403, ''",
    "OPTIONAL, X-Nothing: said, 101, ''",
    "REQUIRED, Origin: http://ci.example.com, 101, alice",
    "REQUIRED, X-Nothing: said, 401, ''",
    "OFF, Origin: https://evil.example, 101, ''",
  })
  void upgradeWhenBrowserThenIdentityOnlyFromItsOwnSite(
      SignIn mode, String header, int status, String user) throws IOException {
    try (TestGateway gateway =
            TestGateway.in(upstream)
                .signIn(mode)
                .session("good", TestGateway.person("alice"))
                .start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(upgrade("Cookie: " + TestGateway.SESSION_COOKIE + "=good", header));
      assertThat(wire.head().orElseThrow().status()).isEqualTo(status);
      if (status == 101) {
        assertThat(upstream.last().header("X-Forwarded-User").orElse("")).isEqualTo(user);
      } else {
        assertThat(upstream.requests()).isEmpty();
      }
    }
  }

  @Test
  void tunnelWhenItsGrantIsWithdrawnThenEnded() throws IOException {
    SignedAs signed = new SignedAs();
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(signed).start();
        Wire alice = new Wire(gateway.port());
        Wire bob = new Wire(gateway.port())) {
      open(alice, SignedAs.header("alice"));
      open(bob, SignedAs.header("bob"));
      signed.withdrawn.add("alice");

      gateway.server().checkTunnels();

      assertThat(alice.read()).isEqualTo(-1);
      bob.send("k");
      assertThat(bob.read()).isEqualTo('l');
      assertThat(gateway.events())
          .last()
          .satisfies(
              event -> {
                assertThat(event.problem()).isEqualTo("tunnel-ended");
                assertThat(event.person()).isEqualTo("alice");
                assertThat(event.consumer()).isEqualTo("jira");
              });
    }
  }

  @Test
  void tunnelWhenItsSessionHasEndedThenEnded() throws IOException {
    try (TestGateway gateway =
            TestGateway.in(upstream)
                .signIn(SignIn.OPTIONAL)
                .session("good", TestGateway.person("alice"))
                .start();
        Wire browser = new Wire(gateway.port());
        Wire nobody = new Wire(gateway.port())) {
      open(
          browser,
          "Cookie: " + TestGateway.SESSION_COOKIE + "=good",
          "Origin: http://ci.example.com");
      open(nobody);
      gateway.server().checkTunnels();
      browser.send("a");
      assertThat(browser.read()).isEqualTo('b');
      gateway.endSession("good");

      gateway.server().checkTunnels();

      assertThat(browser.read()).isEqualTo(-1);
      nobody.send("k");
      assertThat(nobody.read()).isEqualTo('l');
    }
  }

  @Test
  void tunnelWhenItCannotBeCheckedThenEndedAfterFourTimes() throws IOException {
    SignedAs signed = new SignedAs();
    try (TestGateway gateway = TestGateway.in(upstream).authenticator(signed).start();
        Wire wire = new Wire(gateway.port())) {
      open(wire, SignedAs.header("alice"));
      signed.unavailable = true;
      for (int i = 1; i < OpenTunnels.FAILED_CHECKS; i++) {
        gateway.server().checkTunnels();
      }
      wire.send("k");
      assertThat(wire.read()).isEqualTo('l');

      gateway.server().checkTunnels();

      assertThat(wire.read()).isEqualTo(-1);
    }
  }

  private static void open(Wire wire, String... headers) throws IOException {
    wire.send(upgrade(headers));
    assertThat(wire.head().orElseThrow().status()).isEqualTo(101);
    assertThat(read(wire, 7)).isEqualTo("welcome");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA",
        "Connection: Upgrade\r\nUpgrade: HTTP/2.0",
        "Connection: Upgrade\r\nUpgrade: websocket, h2c",
        "Connection: Upgrade\r\nUpgrade: TLS/1.0",
      })
  void upgradeWhenToAnotherHttpThenNotPassedOn(String headers) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/", headers.split("\r\n", -1));
      assertThat(answer.body()).isEqualTo("plain");
      assertThat(upstream.last().all("Upgrade")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: websocket", "Connection: close\r\nUpgrade: websocket"})
  void upgradeWhenNotListedInConnectionThenRefused(String headers) throws IOException {
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), "/", headers.split("\r\n", -1)).status()).isEqualTo(400);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void upgradeWhenUpstreamDeclinesThenItsAnswerArrivesAndTheConnectionStays() throws IOException {
    upstream.script((request, wire) -> StubUpstream.answer(400, "no"));
    try (TestGateway gateway = TestGateway.in(upstream).start();
        Wire wire = new Wire(gateway.port())) {
      wire.send(upgrade());
      assertThat(wire.answer().body()).isEqualTo("no");
      wire.send(Wire.request("GET", "/"));
      assertThat(wire.answer().body()).isEqualTo("no");
    }
  }

  @Test
  void getWhenUpstreamUpgradesUnaskedThenBadGateway() throws IOException {
    upstream.script((request, wire) -> SWITCH);
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      assertThat(Wire.get(gateway.port(), "/").status()).isEqualTo(502);
    }
  }

  @Test
  void upgradeWhenClientLeavesThenUpstreamIsLeft() throws Exception {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    upstream.script(
        (request, wire) -> {
          wire.send(SWITCH);
          end.complete(wire.read());
          return null;
        });
    try (TestGateway gateway = TestGateway.in(upstream).start()) {
      try (Wire wire = new Wire(gateway.port())) {
        wire.send(upgrade());
        assertThat(wire.head().orElseThrow().status()).isEqualTo(101);
      }
      assertThat(end.get(60, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }
}
