package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/threat-model.md} attacks 1 to 7, 10 and 11. */
class IdentityHeadersTest {
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private TestGateway.Builder gateway() {
    return TestGateway.in(upstream)
        .authenticator(new SignedAs())
        .secret("X-Onbehalf-Secret", "0123456789abcdef")
        .mail("X-Forwarded-Mail", "X-Forwarded-Name");
  }

  private List<String> linesAbout(String... words) {
    return upstream.last().lines().stream()
        .filter(
            line -> {
              String lower = line.toLowerCase(Locale.ROOT);
              for (String word : words) {
                if (lower.contains(word)) {
                  return true;
                }
              }
              return false;
            })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-User: bob",
        "x-forwarded-user: bob",
        "X-FORWARDED-USER: bob",
        "x_forwarded_user: bob",
        "X-FORWARDED_USER: bob",
        "X_Forwarded-User: bob",
        "X.Forwarded.User: bob",
        "X-Forwarded-User:bob",
        "X-Forwarded-User:   bob   ",
        "X-Forwarded-User: alice\r\nX-Forwarded-User: bob",
        "X-Forwarded-User: alice\r\nx_forwarded_user: bob",
        "X-Forwarded-Groups: bob",
        "x_forwarded_groups: bob",
        "X-Forwarded-Mail: bob",
        "X_FORWARDED_MAIL: bob",
        "X-Forwarded-Name: bob",
        "X-Forwarded-Anything: bob",
        "X-Onbehalf-Secret: bob",
        "X_Onbehalf_Secret: bob",
        "Remote-User: bob",
        "REMOTE_USER: bob",
        "X-Remote-User: bob",
        "X-WEBAUTH-USER: bob",
        "X-Auth-Request-User: bob",
        "X-Original-URL: /bob",
        "X-Rewrite-URL: /bob",
        "Connection: close, x-bob\r\nX-Bob: bob",
        "Proxy-Authorization: Basic bob",
      })
  void getWhenClientNamesAnIdentityThenUpstreamDoesNotSeeIt(String header) throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/", header.split("\r\n", -1));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(linesAbout("bob")).isEmpty();
      assertThat(upstream.last().all("X-Forwarded-User")).isEmpty();
      assertThat(upstream.last().all("X-Onbehalf-Secret")).containsExactly("0123456789abcdef");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-User : bob", " X-Forwarded-User: bob", "X-Forwarded-User"})
  void getWhenHeaderNameIsMalformedThenRefused(String header) throws IOException {
    try (TestGateway gateway = gateway().start()) {
      assertThat(Wire.get(gateway.port(), "/", "A: b", header).status()).isEqualTo(400);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-User: bob",
        "x_forwarded_user: bob",
        "Connection: close, X-Forwarded-User",
        "Connection:\r\nConnection: X-Forwarded-User",
        "Connection: keep-alive\r\nConnection: x-forwarded-user, X-Forwarded-Groups",
        "Connection: X_Forwarded_User",
        "User-Agent: kube-probe/1.0",
      })
  void getWhenSignedForAliceThenUpstreamSeesAliceOnce(String header) throws IOException {
    try (TestGateway gateway = gateway().start()) {
      String[] lines = (SignedAs.header("alice") + "\r\n" + header).split("\r\n", -1);
      assertThat(Wire.get(gateway.port(), "/", lines).status()).isEqualTo(200);
      assertThat(linesAbout("alice"))
          .containsExactlyInAnyOrder(
              "X-Forwarded-User: alice",
              "X-Forwarded-Mail: alice@example.com",
              "X-Forwarded-Name: Display alice");
      assertThat(upstream.last().all("X-Forwarded-Groups")).containsExactly("staff");
      assertThat(upstream.last().all("X-Onbehalf-Secret")).containsExactly("0123456789abcdef");
      assertThat(linesAbout("bob", "oauth")).isEmpty();
    }
  }

  @Test
  void getWhenSignedThenClientsCookiesAndOverridesStayBehind() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.get(
          gateway.port(),
          "/",
          SignedAs.header("alice"),
          "Cookie: JSESSIONID=stolen",
          "X-HTTP-Method-Override: DELETE",
          "X-Other: kept");
      assertThat(upstream.last().all("Cookie")).isEmpty();
      assertThat(upstream.last().all("X-HTTP-Method-Override")).isEmpty();
      assertThat(upstream.last().all("X-Other")).containsExactly("kept");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " alice",
        "alice ",
        "alice,bob",
        "alice|bob",
        "al\\nice",
        "al\\0ice",
        "al\u00e9x",
        "al\tice",
      })
  void getWhenNameCannotBeSentThenRefused(String name) throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/", SignedAs.header(name));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(upstream.requests()).isEmpty();
      assertThat(gateway.events())
          .singleElement()
          .extracting("problem")
          .isEqualTo("unsendable-name");
    }
  }

  @Test
  void getWhenNameIsTooLongThenRefused() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      assertThat(Wire.get(gateway.port(), "/", SignedAs.header("a".repeat(10_000))).status())
          .isEqualTo(403);
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void getWhenSignatureIsWrongThenNothingReachesTheUpstream() throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/", SignedAs.header("forger"));
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("X-Request-Id")).isPresent();
      assertThat(upstream.requests()).isEmpty();
      assertThat(gateway.events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.problem()).isEqualTo("signature_invalid");
                assertThat(event.actedAs()).isNull();
              });
    }
  }

  @Test
  void getWhenAdapterIsNoneThenNoIdentity() throws IOException {
    try (TestGateway gateway = gateway().adapter(Adapter.NONE).start()) {
      Wire.get(gateway.port(), "/", SignedAs.header("alice"));
      assertThat(linesAbout("alice")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YWxpY2U6c2VjcmV0", "Bearer token", "Negotiate abc", "OAuth x"})
  void getWhenOtherCredentialsThenTheyPassUntouched(String authorization) throws IOException {
    try (TestGateway gateway = gateway().start()) {
      Wire.get(gateway.port(), "/", "Authorization: " + authorization, "Cookie: a=b");
      assertThat(upstream.last().all("Authorization")).containsExactly(authorization);
      assertThat(upstream.last().all("Cookie")).containsExactly("a=b");
      assertThat(upstream.last().all("X-Forwarded-User")).isEmpty();
    }
  }

  @Test
  void getWhenUpstreamAnswersWithIdentityThenClientDoesNotSeeIt() throws IOException {
    upstream.answers(
        StubUpstream.answer(
            200,
            "x",
            "X-Forwarded-User: alice",
            "x_onbehalf_secret: 0123456789abcdef",
            "X-Own: kept",
            "Set-Cookie: " + TestGateway.SESSION_COOKIE + "=forged; Path=/"));
    try (TestGateway gateway = gateway().start()) {
      Wire.Message answer = Wire.get(gateway.port(), "/");
      assertThat(answer.header("X-Own")).contains("kept");
      assertThat(answer.lines()).noneMatch(line -> line.contains("alice"));
      assertThat(answer.lines()).noneMatch(line -> line.contains("0123456789abcdef"));
      assertThat(answer.all("Set-Cookie")).isEmpty();
    }
  }
}
