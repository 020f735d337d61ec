package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Deployments, remote links and development information over a socket. */
@SuppressWarnings("NullAway.Init")
final class OtherKindsTest {
  private static final String DEPLOYMENT =
      """
      {"deployments":[{"deploymentSequenceNumber":7,"updateSequenceNumber":1,
      "displayName":"app #7","url":"https://ci.example.com/7","description":"Release",
      "lastUpdated":"2026-01-05T10:20:00Z","state":"successful",
      "pipeline":{"id":"team/app","displayName":"app","url":"https://ci.example.com/app"},
      "environment":{"id":"eu/prod","displayName":"EU","type":"production"},
      "associations":[{"associationType":"issueIdOrKeys","values":["ABC-1","NOPE-1","10001"]},
      {"associationType":"serviceIdOrKeys","values":["svc-1"]}]$COMMANDS}]}
      """;
  private static final String KEY = "pipelines/team%2Fapp/environments/eu%2Fprod/deployments/7";

  @TempDir private static Path data;
  private static ReceivingServer server;
  private static int credentials;
  private String token;

  @BeforeAll
  static void start() throws IOException {
    server = new ReceivingServer(data, Clock.systemUTC());
  }

  @BeforeEach
  void newCredential() {
    token =
        server.token(
            server.credential(
                "ci" + ++credentials, "deployments", "remotelinks", "devinfo", "builds:read"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private JsonNode bulk(String kind, String body) {
    return json(server.send("POST", server.path(kind, "bulk"), token, body), 202);
  }

  @Test
  void deploymentWhenSentThenStoredAndUnknownAssociationsAreNamed() {
    JsonNode answer = bulk("deployments", DEPLOYMENT.replace("$COMMANDS", ""));

    assertThat(answer.path("acceptedDeployments").toString())
        .isEqualTo(
            "[{\"pipelineId\":\"team/app\",\"environmentId\":\"eu/prod\","
                + "\"deploymentSequenceNumber\":7}]");
    assertThat(answer.path("unknownAssociations").toString())
        .isEqualTo("[{\"associationType\":\"issueIdOrKeys\",\"values\":[\"NOPE-1\",\"10001\"]}]");
    JsonNode stored = json(server.get(server.path("deployments", KEY), token), 200);
    assertThat(stored.path("associations").toString())
        .isEqualTo(
            "[{\"associationType\":\"issueIdOrKeys\",\"values\":[\"ABC-1\"]},"
                + "{\"associationType\":\"serviceIdOrKeys\",\"values\":[\"svc-1\"]}]");
    assertThat(server.send("DELETE", server.path("deployments", KEY), token, null).statusCode())
        .isEqualTo(202);
    assertThat(server.get(server.path("deployments", KEY), token).statusCode()).isEqualTo(404);
  }

  @Test
  void deploymentWhenItsSiteIsAskedByItsOwnPathThenTheSame() {
    json(
        server.send(
            "POST", "/rest/deployments/0.1/bulk", token, DEPLOYMENT.replace("$COMMANDS", "")),
        202);

    json(server.get("/rest/deployments/0.1/" + KEY, token), 200);
    json(server.get(server.path("deployments", KEY), token), 200);
  }

  @Test
  void gatingStatusWhenAskedForThenAllowedAndOtherwiseUnknown() {
    String path = server.path("deployments", KEY + "/gating-status");
    assertThat(server.get(path, token).statusCode()).isEqualTo(404);
    bulk("deployments", DEPLOYMENT.replace("$COMMANDS", ""));
    assertThat(server.get(path, token).statusCode()).isEqualTo(404);
    bulk(
        "deployments",
        DEPLOYMENT
            .replace("$COMMANDS", ",\"commands\":[{\"command\":\"initiate_deployment_gating\"}]")
            .replace("\"updateSequenceNumber\":1", "\"updateSequenceNumber\":2"));

    JsonNode answer = json(server.get(path, token), 200);
    assertThat(answer.path("gatingStatus").asString()).isEqualTo("allowed");
    assertThat(answer.path("environmentId").asString()).isEqualTo("eu/prod");
  }

  @Test
  void remoteLinkWhenSentThenAcceptedByItsId() {
    String link =
        """
        {"remoteLinks":[{"id":"r1","updateSequenceNumber":1,"displayName":"Report",
        "url":"https://ci.example.com/r","type":"test","lastUpdated":"2026-01-05T10:20:00Z",
        "associations":[{"associationType":"issueKeys","values":["%s"]}]}]}
        """;

    assertThat(bulk("remotelinks", link.formatted("ABC-1")).path("acceptedRemoteLinks").toString())
        .isEqualTo("[\"r1\"]");
    assertThat(bulk("remotelinks", link.formatted("NOPE-1")).path("rejectedRemoteLinks").toString())
        .isEqualTo("{\"r1\":[{\"message\":\"No valid associations found for remote link\"}]}");
    assertThat(
            json(server.get(server.path("remotelinks", "remotelink/r1"), token), 200)
                .path("displayName")
                .asString())
        .isEqualTo("Report");
  }

  private static String repository(long sequence, String keys, String extra) {
    return """
        {"properties":{"installation":"9"},"repositories":[{"id":"repo1","name":"app",
        "url":"https://git.example.com/app","updateSequenceId":%1$d,"commits":[
        {"id":"c1","issueKeys":["%2$s"],"updateSequenceId":%1$d,"message":"Fix","author":{"name":"a"},
        "fileCount":1,"url":"https://git.example.com/c1","authorTimestamp":"2026-01-05T10:20:00Z",
        "displayId":"c1"}%3$s]}]}
        """
        .formatted(sequence, keys, extra);
  }

  @Test
  void devinfoWhenSentThenEachItemIsJudgedAloneAndReadBackInItsRepository() {
    JsonNode answer = bulk("devinfo", repository(1, "ABC-1", ",{\"id\":\"bad\"}"));

    assertThat(answer.path("acceptedDevinfoEntities").toString())
        .isEqualTo("{\"repo1\":{\"commits\":[\"c1\"]}}");
    assertThat(answer.path("failedDevinfoEntities").path("repo1").path("commits").toString())
        .contains("\"id\":\"bad\"", "errorMessages", "is required");
    JsonNode stored = json(server.get(server.path("devinfo", "repository/repo1"), token), 200);
    assertThat(stored.path("name").asString()).isEqualTo("app");
    assertThat(stored.path("commits")).hasSize(1);

    assertThat(bulk("devinfo", repository(2, "NOPE-1", "")).toString())
        .contains("No valid issues found for commit", "\"unknownIssueKeys\":[\"NOPE-1\"]");
  }

  @Test
  void devinfoWhenDeletedThenItemsGoWithTheRepository() {
    bulk("devinfo", repository(5, "ABC-1", ""));
    String commit = server.path("devinfo", "repository/repo1/commit/c1");
    String exists = server.path("devinfo", "existsByProperties?installation=9");
    assertThat(json(server.get(exists, token), 200).path("hasDataMatchingProperties").asBoolean())
        .isTrue();

    server.send("DELETE", commit + "?_updateSequenceId=4", token, null);
    assertThat(
            json(server.get(server.path("devinfo", "repository/repo1"), token), 200)
                .path("commits"))
        .hasSize(1);
    server.send("DELETE", commit, token, null);
    assertThat(
            json(server.get(server.path("devinfo", "repository/repo1"), token), 200)
                .path("commits"))
        .isEmpty();
    bulk("devinfo", repository(6, "ABC-1", ""));
    server.send("DELETE", server.path("devinfo", "repository/repo1"), token, null);
    assertThat(json(server.get(exists, token), 200).path("hasDataMatchingProperties").asBoolean())
        .isFalse();
    JsonNode gone = json(server.get(server.path("devinfo", "repository/repo1"), token), 404);
    assertThat(gone.path("errorMessages")).hasSize(1);
  }

  @Test
  void requestsWhenTheScopeIsAnotherThenForbidden() {
    HttpResponse<String> written =
        server.send(
            "POST",
            server.path("builds", "bulk"),
            token,
            ReceivingServer.build("a", 1, 1, "failed", "ABC-1"));

    assertThat(written.statusCode()).isEqualTo(403);
    assertThat(written.body()).contains("builds:write");
    assertThat(server.get(server.path("builds", "pipelines/a/builds/1"), token).statusCode())
        .isEqualTo(404);
  }
}
