package dev.onbehalf.acceptance.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.EchoServer;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.delivery.DataCenterJira;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code kill -9} while builds come in and the issues of a Jira are told of them. */
@Tag("long")
final class LinkedJiraKillTest {
  private static final int ROUNDS = 3;
  private static final int TOLD_BEFORE_THE_KILL = 15;
  private static final List<String> ISSUES =
      IntStream.rangeClosed(1, 25).mapToObj(i -> "ABC-" + i).toList();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final int port = Ports.free();
  private final String url = "http://localhost:" + port;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private int number;

  @Test
  void killWhenIssuesAreBeingToldThenNothingReceivedIsLostOrShownTwice() throws Exception {
    try (DataCenterJira jira = DataCenterJira.start();
        EchoServer upstream = EchoServer.start();
        GatewayNode node =
            new GatewayNode(port, "http://127.0.0.1:" + port, upstream.url(), null)) {
      ISSUES.forEach(jira::create);
      node.configure(
          """
          receive:
            public-url: %s
            projects: [ABC]
            link: jira
            remote-links: on
            failure-comments: on
            link-requests: 1000
          links:
            private-networks: [127.0.0.0/8]
          """
              .formatted(url));
      node.start();
      administer(node, "/api/links", jira.linkRequest());
      JsonNode credential =
          administer(node, "/api/credentials", Map.of("name", "ci", "scopes", List.of("builds")));
      Secrets.made("client secret", credential.path("secret").asString());

      for (int round = 0; round < ROUNDS; round++) {
        long before = jira.count("POST", "/remotelink");
        killUnderLoad(
            node,
            credential,
            () -> jira.count("POST", "/remotelink") >= before + TOLD_BEFORE_THE_KILL);
        node.start();
      }

      Await.until(
          "every issue shows what was acknowledged",
          () -> ISSUES.stream().allMatch(key -> shown(jira, key)) ? true : null);
      for (String key : ISSUES) {
        assertThat(jira.links(key)).as(key).hasSize(1);
        assertThat(jira.comments(key)).as(key).hasSizeLessThanOrEqualTo(1);
      }
      JsonNode queue = JSON.readTree(node.command("receive", "status", "--json"));
      assertThat(queue.path("links").asInt()).isEqualTo(ISSUES.size());
      assertThat(queue.path("parked").asInt()).isZero();
    }
  }

  private boolean shown(DataCenterJira jira, String key) {
    return jira.links(key).stream()
        .map(link -> link.at("/object/title").asString())
        .anyMatch(
            title ->
                Integer.parseInt(title.substring(title.indexOf('#') + 1))
                    >= acknowledged.getOrDefault(key, 1));
  }

  /** Sends builds until the condition holds, and then kills the process while it receives. */
  private void killUnderLoad(GatewayNode node, JsonNode credential, BooleanSupplier enough)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread sender =
        new Thread(
            () -> {
              try {
                String token = token(credential);
                while (!over.get()) {
                  send(token);
                }
              } catch (IOException e) {
                // The process has been killed.
              }
            });
    sender.start();
    Await.until("issues are told", () -> enough.getAsBoolean() ? true : null);
    node.kill();
    over.set(true);
    sender.join();
  }

  private void send(String token) throws IOException {
    number++;
    String key = ISSUES.get(number % ISSUES.size());
    String body =
        """
        {"builds":[{"pipelineId":"app","buildNumber":%1$d,"updateSequenceNumber":1,
        "displayName":"app #%1$d","url":"https://ci.example.com/%1$d","state":"failed",
        "lastUpdated":"%2$s","issueKeys":["%3$s"]}]}"""
            .formatted(number, Instant.now(), key);
    HttpResponse<String> answer =
        post("/rest/builds/0.1/bulk", body, "Authorization", "Bearer " + token);
    if (answer.statusCode() == 202) {
      acknowledged.put(key, number);
    } else {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    }
  }

  private String token(JsonNode credential) throws IOException {
    HttpResponse<String> answer =
        post(
            "/oauth/token",
            JSON.writeValueAsString(
                Map.of(
                    "grant_type",
                    "client_credentials",
                    "client_id",
                    credential.path("clientId").asString(),
                    "client_secret",
                    credential.path("secret").asString())));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("access_token").asString();
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static JsonNode administer(GatewayNode node, String path, Map<String, Object> body)
      throws IOException {
    HttpResponse<String> answer = node.administer("POST", path, JSON.writeValueAsString(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
