package dev.onbehalf.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.config.ApplicationConfig.SignIn;
import dev.onbehalf.server.wire.StubUpstream;
import dev.onbehalf.server.wire.Wire;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignInModesTest {
  private static final String SESSION = "Cookie: " + TestGateway.SESSION_COOKIE + "=good; a=b";
  private StubUpstream upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = new StubUpstream();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  private TestGateway gateway(SignIn mode) throws IOException {
    return TestGateway.in(upstream)
        .signIn(mode)
        .session("good", TestGateway.person("alice"))
        .authenticator(new SignedAs())
        .start();
  }

  @ParameterizedTest
  @CsvSource({"OFF, ''", "OPTIONAL, alice", "REQUIRED, alice"})
  void getWhenSessionThenAsTheModeSays(SignIn mode, String user) throws IOException {
    try (TestGateway gateway = gateway(mode)) {
      assertThat(Wire.get(gateway.port(), "/", SESSION).status()).isEqualTo(200);
      assertThat(upstream.last().header("X-Forwarded-User").orElse("")).isEqualTo(user);
      assertThat(upstream.last().all("Cookie")).containsExactly("a=b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void getWhenSignedThenThePersonWhateverTheMode(SignIn mode) throws IOException {
    try (TestGateway gateway = gateway(mode)) {
      Wire.get(gateway.port(), "/", SignedAs.header("bob"), SESSION);
      assertThat(upstream.last().all("X-Forwarded-User")).containsExactly("bob");
    }
  }

  @ParameterizedTest
  @EnumSource
  void getWhenApiTokenThenPassesUntouched(SignIn mode) throws IOException {
    try (TestGateway gateway = gateway(mode)) {
      assertThat(Wire.get(gateway.port(), "/", "Authorization: Basic abc").status()).isEqualTo(200);
      assertThat(upstream.last().all("Authorization")).containsExactly("Basic abc");
      assertThat(upstream.last().all("X-Forwarded-User")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "Bearer", "Basic ", "OAuth realm=\"\"", "Negotiate"})
  void getWhenRequiredAndTheHeaderHoldsNoCredentialsThenChallenged(String authorization)
      throws IOException {
    try (TestGateway gateway = gateway(SignIn.REQUIRED)) {
      assertThat(Wire.get(gateway.port(), "/", "Authorization: " + authorization).status())
          .isEqualTo(401);
    }
  }

  @Test
  void getWhenRequiredAndABrowserThenSentToSignIn() throws IOException {
    try (TestGateway gateway = gateway(SignIn.REQUIRED)) {
      Wire.Message answer = Wire.get(gateway.port(), "/job/a?b=c", "Accept: text/html,*/*");
      assertThat(answer.status()).isEqualTo(303);
      assertThat(answer.header("Location"))
          .contains("http://ci.example.com/-/onbehalf/sign-in?to=/job/a?b=c");
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @Test
  void getWhenRequiredAndAProgramThenChallenged() throws IOException {
    try (TestGateway gateway = gateway(SignIn.REQUIRED)) {
      Wire.Message answer = Wire.get(gateway.port(), "/job/a", "Accept: application/json");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate"))
          .contains("OAuth realm=\"http://ci.example.com\"");
      assertThat(answer.header("X-Request-Id")).isPresent();
      assertThat(upstream.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONAL, Origin: http://ci.example.com, 200, alice",
    "OPTIONAL, Origin: https://evil.example, 200, ''",
    "OPTIONAL, Origin: null, 200, ''",
    "OPTIONAL, Sec-Fetch-Site: cross-site, 200, ''",
    "OPTIONAL, Sec-Fetch-Site: same-site, 200, ''",
    "OPTIONAL, Sec-Fetch-Site: same-origin, 200, alice",
    "OPTIONAL, X-Nothing: said, 200, alice",
    "REQUIRED, Origin: http://ci.example.com, 200, alice",
    "REQUIRED, Origin: https://evil.example, 403, ''",
    "REQUIRED, Sec-Fetch-Site: cross-site, 403, ''",
  })
  void postWhenAnotherSiteStartedItThenNotAsThePerson(
      SignIn mode, String header, int status, String user) throws IOException {
    try (TestGateway gateway = gateway(mode)) {
      Wire.Message answer =
          Wire.exchange(
              gateway.port(), Wire.request("POST", "/x", SESSION, header, "Content-Length: 0"));
      assertThat(answer.status()).isEqualTo(status);
      if (status == 200) {
        assertThat(upstream.last().header("X-Forwarded-User").orElse("")).isEqualTo(user);
      } else {
        assertThat(upstream.requests()).isEmpty();
      }
    }
  }

  @Test
  void getWhenOwnPrefixThenNeverTheUpstreams() throws IOException {
    try (TestGateway gateway = gateway(SignIn.OFF)) {
      assertThat(Wire.get(gateway.port(), "/-/onbehalf/nothing").status()).isEqualTo(404);
      assertThat(upstream.requests()).isEmpty();
      assertThat(Wire.get(gateway.port(), "/login").status()).isEqualTo(200);
      assertThat(Wire.get(gateway.port(), "/-/other").status()).isEqualTo(200);
    }
  }
}
