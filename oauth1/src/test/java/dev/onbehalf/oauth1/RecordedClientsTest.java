package dev.onbehalf.oauth1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests real clients signed; {@code src/test/vectors/README.md} says how they were recorded. */
class RecordedClientsTest {
  private static final Path VECTORS = Path.of("src/test/vectors");
  private static final Secret SECRET = Secret.of("consumer secret &1");
  private static final Secret TOKEN_SECRET = Secret.of("token secret +2");

  private record Recorded(
      boolean right, String name, String method, String url, OAuthMessage message) {}

  @ParameterizedTest
  @CsvSource({
    "requests-oauthlib, 84, 0",
    "oauthlib, 12, 0",
    "jira-python, 23, 0",
    "npm-oauth, 46, 2",
    "npm-oauth-1.0a, 63, 15",
    "net.oauth, 46, 0",
    "jersey, 42, 2",
    "scribejava, 42, 6",
    "google-oauth-client, 38, 4"
  })
  void matchingUrlWhenClientSignedThenAcceptsWhatIsRight(String client, int all, int wrong)
      throws Exception {
    List<Recorded> requests = read(client);

    assertThat(requests).hasSize(all);
    assertThat(requests).filteredOn(request -> !request.right()).hasSize(wrong);
    for (Recorded request : requests) {
      assertThat(match(request))
          .as("%s: %s", client, request.name())
          .isEqualTo(request.right() ? request.url() : null);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests-oauthlib",
        "oauthlib",
        "jira-python",
        "npm-oauth",
        "npm-oauth-1.0a",
        "net.oauth",
        "jersey",
        "scribejava",
        "google-oauth-client"
      })
  void verifyWhenClientSignedThenAcceptsVersionOneAlone(String client) throws Exception {
    for (Recorded request : read(client)) {
      if (!request.right()) {
        continue;
      }
      List<String> urls = List.of("https://other.example.com/", request.url());
      if (request.name().endsWith("version-1.0A")) {
        assertThatThrownBy(() -> verify(request, urls))
            .isInstanceOfSatisfying(
                OAuthProblemException.class,
                e -> assertThat(e.problem()).isEqualTo(OAuthProblem.VERSION_REJECTED));
      } else {
        assertThat(verify(request, urls))
            .as("%s: %s", client, request.name())
            .isEqualTo(request.url());
      }
    }
  }

  private static String verify(Recorded request, List<String> urls) {
    return SignatureVerifier.verify(request.message(), request.method(), urls, key(request));
  }

  private static @Nullable String match(Recorded request) {
    return SignatureVerifier.matchingUrl(
        request.message(), request.method(), List.of(request.url()), key(request));
  }

  private static VerificationKey key(Recorded request) {
    SignatureMethod method =
        Objects.requireNonNull(SignatureMethod.named(request.message().signatureMethod()));
    if (method.isRsa()) {
      return VerificationKey.rsa(method, publicKey());
    }
    String token = request.message().token();
    return VerificationKey.hmac(
        method, SECRET, token == null || token.isEmpty() ? Secret.of("") : TOKEN_SECRET);
  }

  private static RSAPublicKey publicKey() {
    try {
      return Keys.publicKey(Files.readString(VECTORS.resolve("keys/public.pem")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Recorded> read(String client) throws Exception {
    List<Recorded> requests = new ArrayList<>();
    for (String line : Files.readAllLines(VECTORS.resolve("recorded/" + client + ".tsv"))) {
      String[] field = line.split("\t", -1);
      requests.add(
          new Recorded(
              field[0].equals("right"),
              field[1],
              field[2],
              field[3],
              OAuthMessage.parse(
                  field[5].isEmpty() ? List.of() : List.of(field[5]),
                  field[4].isEmpty() ? null : field[4],
                  field[6].isEmpty() ? null : field[6].getBytes(StandardCharsets.US_ASCII))));
    }
    return requests;
  }
}
