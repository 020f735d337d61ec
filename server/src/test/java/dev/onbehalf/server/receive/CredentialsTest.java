package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.ReceivingServer.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Credentials and their tokens over a socket (cases 59 to 64). */
@SuppressWarnings("NullAway.Init")
final class CredentialsTest {
  @TempDir private static Path data;
  private static ReceivingServer server;
  private static int credentials;
  private Client ci;
  private String address;

  @BeforeAll
  static void start() throws IOException {
    server = new ReceivingServer(data, Clock.systemUTC());
  }

  @BeforeEach
  void newCredential() {
    ci = server.credential("CI-" + ++credentials, "builds");
    address = "/api/credentials/ci-" + credentials;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private HttpResponse<String> form(String query, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/oauth/token" + query))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.send(request.build());
  }

  private static String basic(String id, String secret) {
    return "Basic "
        + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
  }

  private int write(String token) {
    return server
        .send("POST", server.path("builds", "bulk"), token, build("a", 1, 1, "failed", "ABC-1"))
        .statusCode();
  }

  @Test
  void tokenWhenAskedInJsonThenGiven() {
    JsonNode answer = json(server.askToken(ci.id(), ci.secret()), 200);

    assertThat(answer.path("token_type").asString()).isEqualTo("Bearer");
    assertThat(answer.path("expires_in").asInt()).isEqualTo(900);
    assertThat(answer.path("scope").asString()).isEqualTo("builds:read builds:write builds:delete");
    assertThat(write(answer.path("access_token").asString())).isEqualTo(202);
  }

  @Test
  void tokenWhenAskedByFormOrBasicThenGiven() {
    String grant = "grant_type=client_credentials";

    json(form("", grant + "&client_id=" + ci.id() + "&client_secret=" + ci.secret()), 200);
    json(form("", grant, "Authorization", basic(ci.id(), ci.secret())), 200);
    json(form("", grant, "Authorization", basic(ci.id().replace("a", "%61"), ci.secret())), 200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?client_secret=x | grant_type=client_credentials             | 400 | invalid_request
          ''               | ''                                        | 400 | invalid_request
          ''               | grant_type=password                       | 400 | unsupported_grant_type
          ''               | grant_type=client_credentials             | 401 | access_denied
          ''               | grant_type=client_credentials&client_id=$ID | 401 | access_denied
          ''               | grant_type=client_credentials&client_id=$ID&client_secret= | 401 | access_denied
          ''               | grant_type=client_credentials&client_id=$ID&client_secret=x | 401 | access_denied
          ''               | grant_type=client_credentials&client_id=$ID&client_id=$ID | 400 | invalid_request
          ''               | grant_type=client_credentials&audience=elsewhere | 403 | access_denied
          """)
  void tokenWhenTheRequestIsWrongThenRefused(String query, String body, int status, String error) {
    JsonNode answer = json(form(query, body.replace("$ID", ci.id())), status);

    assertThat(answer.path("error").asString()).isEqualTo(error);
  }

  @Test
  void tokenWhenTwoWaysOfAuthenticationThenRefused() {
    JsonNode answer =
        json(
            form(
                "",
                "grant_type=client_credentials&client_id=%s&client_secret=%s"
                    .formatted(ci.id(), ci.secret()),
                "Authorization",
                basic(ci.id(), ci.secret())),
            400);

    assertThat(answer.path("error").asString()).isEqualTo("invalid_request");
  }

  @Test
  void tokenWhenClientIsUnknownThenAnsweredLikeAWrongSecret() {
    HttpResponse<String> unknown = server.askToken("nobody", ci.secret());
    HttpResponse<String> wrong = server.askToken(ci.id(), "onbs_wrong");

    assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.body())
        .isEqualTo(wrong.body())
        .isEqualTo("{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}");
    assertThat(unknown.headers().map().keySet()).isEqualTo(wrong.headers().map().keySet());
  }

  @Test
  void tokenWhenAnAddressFailsTooOftenThenLimitedButARightSecretNever(@TempDir Path directory)
      throws Exception {
    try (ReceivingServer own = new ReceivingServer(directory, Clock.systemUTC())) {
      Client client = own.credential("agent", "builds");
      for (int i = 0; i < ClientFailures.AT_ONCE; i++) {
        assertThat(own.askToken("agent-" + i + "\u00e9", "a guess").statusCode()).isEqualTo(401);
      }

      HttpResponse<String> limited = own.askToken("agent", "a guess");

      assertThat(limited.statusCode()).isEqualTo(429);
      assertThat(limited.headers().firstValue("Retry-After")).isPresent();
      assertThat(own.askToken(client.id(), client.secret()).statusCode()).isEqualTo(200);
      String path = "/api/audit?outcome=refused";
      String events = own.admin("GET", path, null).body();
      while (!events.contains("not recorded for a while")) {
        Thread.sleep(20);
        events = own.admin("GET", path, null).body();
      }
      assertThat(events.split("it named 'agent-", -1)).hasSize(ClientFailures.AT_ONCE + 1);
    }
  }

  @Test
  void rotateWhenDoneThenBothSecretsCountUntilOneIsRetired() {
    String oldToken = server.token(ci);
    JsonNode rotated = json(server.admin("POST", address + "/rotate", "{}"), 200);
    Client renewed = new Client(ci.name(), ci.id(), rotated.path("secret").asString());
    String newToken = server.token(renewed);

    assertThat(write(oldToken)).isEqualTo(202);
    assertThat(write(newToken)).isEqualTo(202);
    assertThat(server.token(ci)).isNotEmpty();
    json(server.admin("POST", address + "/rotate", "{}"), 400);

    json(server.admin("POST", address + "/retire", "{}"), 200);
    assertThat(write(oldToken)).isEqualTo(401);
    assertThat(server.askToken(ci.id(), ci.secret()).statusCode()).isEqualTo(401);
    assertThat(write(newToken)).isEqualTo(202);
    json(server.admin("POST", address + "/retire", "{}"), 200);
    assertThat(write(newToken)).isEqualTo(202);
  }

  @Test
  void disableWhenDoneThenTokensEndAtOnce() {
    String token = server.token(ci);
    json(server.admin("PATCH", address, "{\"enabled\":false}"), 200);

    assertThat(write(token)).isEqualTo(401);
    assertThat(server.askToken(ci.id(), ci.secret()).statusCode()).isEqualTo(401);
    json(server.admin("PATCH", address, "{\"enabled\":true}"), 200);
    assertThat(write(token)).isEqualTo(202);
    json(server.admin("PATCH", address, "{\"expires\":\"2020-01-01T00:00:00Z\"}"), 200);
    assertThat(write(token)).isEqualTo(401);
  }

  @Test
  void deleteWhenDoneThenNameIsFreeAndTokensEnd() {
    String token = server.token(ci);
    assertThat(write(token)).isEqualTo(202);
    json(server.admin("DELETE", address, null), 400);

    assertThat(server.admin("DELETE", address + "?data=keep", null).statusCode()).isEqualTo(204);
    assertThat(write(token)).isEqualTo(401);
    assertThat(server.admin("GET", address, null).statusCode()).isEqualTo(404);
    Client again = server.credential(ci.name().toLowerCase(Locale.ROOT), "builds");
    assertThat(write(server.token(again))).isEqualTo(202);
    assertThat(server.admin("DELETE", address + "?data=delete", null).statusCode()).isEqualTo(204);
  }

  @Test
  void createWhenValuesAreWrongThenOneSentenceEach() {
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{\"name\":\"%s\",\"scopes\":[\"builds\"]}".formatted(ci.name()),
                "already",
                "{\"name\":\"\",\"scopes\":[\"builds\"]}",
                "1 to 100",
                "{\"name\":\"b\",\"scopes\":[]}",
                "at least one scope",
                "{\"name\":\"b\",\"scopes\":[\"admin\"]}",
                "not a scope",
                "{\"name\":\"b\",\"scopes\":[\"builds\"],\"projects\":[\"a b\"]}",
                "project")
            .entrySet()) {
      JsonNode answer = json(server.admin("POST", "/api/credentials", wrong.getKey()), 400);
      assertThat(answer.path("error").asString()).contains(wrong.getValue());
    }
  }

  @Test
  void listWhenAskedThenNoSecretIsShown() {
    String all = server.admin("GET", "/api/credentials", null).body();

    assertThat(all).contains(ci.id()).doesNotContain(ci.secret(), "fingerprint");
  }
}
