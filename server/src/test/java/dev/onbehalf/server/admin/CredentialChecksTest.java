package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.ConfigurationReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the doctor says of the consumers and keys of a running server, as time goes by. */
class CredentialChecksTest {
  @TempDir Path directory;

  private final HttpClient http = HttpClient.newHttpClient();
  private final MovableClock clock = new MovableClock();
  private Onbehalf server;

  private static final class MovableClock extends Clock {
    private volatile Instant now = Instant.now();

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() throws IOException {
    server =
        Onbehalf.start(
            ConfigurationReader.read(
                    null,
                    Map.of(),
                    List.of(
                        "data=" + directory.resolve("data"),
                        "listen=127.0.0.1:0",
                        "admin=127.0.0.1:0"))
                .configuration(),
            clock);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void runWhenConsumersAreWeakThenEachKindIsNamedOnce() throws Exception {
    add(
        "{\"key\":\"old\",\"signatureMethod\":\"HMAC-SHA1\",\"generateSecret\":true,\"legacy\":true}");
    RSAPublicKey key = (RSAPublicKey) Keys.generate(2048).getPublic();
    add(
        "{\"key\":\"short\",\"signatureMethod\":\"RSA-SHA1\",\"publicKey\":\""
            + Keys.base64(key)
            + "\"}");
    ask("POST", "/api/consumers/old/rotate", "{}");

    assertThat(findings())
        .contains(
            "warning: OAuth 1.0 without callback and verifier is allowed for old.",
            "note: HMAC-SHA1, whose secret both sides hold, signs for old.",
            "note: RSA keys have less than 3072 bits for short.",
            "fine: None ends within 30 days.")
        .noneMatch(text -> text.contains("have been live") || text.contains("No signature"));

    clock.now = clock.now.plus(Duration.ofDays(31));
    assertThat(findings())
        .contains("warning: Two keys or secrets have been live for more than 30 days for old.")
        .noneMatch(text -> text.contains("No signature"));

    clock.now = clock.now.plus(Duration.ofDays(800));
    assertThat(findings())
        .contains("note: No signature has come for 180 days from old, short.")
        .anyMatch(text -> text.startsWith("note: The instance's own key (2048 bits) is in use"))
        .anyMatch(text -> text.startsWith("note: The keys that seal secrets were last rotated"));

    ask("PATCH", "/api/consumers/old", "{\"enabled\":false}");
    assertThat(findings()).noneMatch(text -> text.contains("old."));
  }

  private List<String> findings() throws Exception {
    ask("POST", "/api/doctor", "");
    JsonNode state;
    do {
      state = JsonMapper.shared().readTree(ask("GET", "/api/doctor", ""));
    } while (state.path("state").asString().equals("running"));
    List<String> texts = new ArrayList<>();
    for (JsonNode finding : state.path("findings")) {
      texts.add(finding.path("severity").asString() + ": " + finding.path("seen").asString());
    }
    return texts;
  }

  private void add(String consumer) throws Exception {
    ask("POST", "/api/consumers", consumer);
  }

  private String ask(String method, String path, String body) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(server.adminUri().resolve(path))
                .header(
                    "Authorization",
                    "Bearer " + AdminToken.read(directory.resolve("data")).reveal())
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }
}
