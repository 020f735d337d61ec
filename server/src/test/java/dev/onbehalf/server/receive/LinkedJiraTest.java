package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.JSON;
import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.DataCenterJira;
import dev.onbehalf.delivery.DataCenterJira.Mode;
import dev.onbehalf.server.receive.ReceivingServer.Client;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A whole server that receives for a Jira of one's own. */
final class LinkedJiraTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final DataCenterJira jira = DataCenterJira.start();
  @TempDir private Path data;

  @SuppressWarnings("NullAway.Init")
  private ReceivingServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new ReceivingServer(
            data,
            Clock.systemUTC(),
            "receive.projects=",
            "receive.link=jira",
            "receive.remote-links=on",
            "receive.failure-comments=on",
            "links.private-networks=127.0.0.0/8");
    json(server.admin("POST", "/api/links", JSON.writeValueAsString(jira.linkRequest())), 200);
  }

  @AfterEach
  void stop() {
    server.close();
    jira.close();
  }

  private JsonNode send(Client client, String body) {
    return json(
        server.send("POST", server.path("builds", "bulk"), server.token(client), body), 202);
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(LONG);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private String title(String key) {
    List<JsonNode> links = jira.links(key);
    return links.isEmpty() ? "" : links.get(0).at("/object/title").asString();
  }

  @Test
  void buildWhenReceivedThenItsIssueShowsItAndWhenErasedNoLonger() {
    String id = jira.create("ABC-1");
    Client ci = server.credential("ci", List.of("builds", "deployments"), List.of());

    JsonNode answer = send(ci, build("app", 1, 1, "failed", "ABC-1", "ABC-404"));
    assertThat(answer.path("unknownIssueKeys").toString()).isEqualTo("[\"ABC-404\"]");
    assertThat(answer.path("acceptedBuilds")).hasSize(1);
    await("the link", () -> title("ABC-1").equals("app #1"));
    await("the comment", () -> jira.comments("ABC-1").size() == 1);

    String deployment =
        """
        {"deployments":[{"deploymentSequenceNumber":1,"updateSequenceNumber":1,
        "displayName":"app 4.2","url":"https://ci.example.com/d","description":"x",
        "lastUpdated":"2026-01-05T10:11:12.345Z","state":"successful",
        "pipeline":{"id":"app","displayName":"app","url":"https://ci.example.com"},
        "environment":{"id":"eu","displayName":"EU production","type":"production"},
        "associations":[{"associationType":"issueIdOrKeys","values":["%s"]}]}]}"""
            .formatted(id);
    json(
        server.send("POST", server.path("deployments", "bulk"), server.token(ci), deployment), 202);
    await("the environment", () -> jira.links("ABC-1").size() == 2);
    assertThat(jira.links("ABC-1").get(1).at("/object/title").asString())
        .isEqualTo("EU production: app 4.2");
    String icon = jira.links("ABC-1").get(1).at("/object/status/icon/url16x16").asString();
    HttpResponse<String> shown = server.get(icon.substring(server.url().length()), null);
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.headers().firstValue("Cross-Origin-Resource-Policy")).contains("cross-origin");

    assertThat(server.admin("DELETE", "/api/credentials/ci?data=delete", null).statusCode())
        .isEqualTo(204);
    await("links removed", () -> jira.links("ABC-1").isEmpty());
    JsonNode queue = json(server.admin("GET", "/api/receive/queue", null), 200);
    assertThat(queue.path("parked").asInt()).isZero();
  }

  @Test
  void buildWhenItLosesAnIssueThenTheLinkShowsTheOneBefore() {
    jira.create("ABC-1");
    jira.create("ABC-2");
    Client ci = server.credential("ci", "builds");
    send(ci, build("app", 1, 1, "successful", "ABC-1"));
    send(ci, build("app", 2, 1, "failed", "ABC-1", "ABC-2").replace("10:11:12", "10:11:13"));
    await("the latest", () -> title("ABC-1").equals("app #2") && title("ABC-2").equals("app #2"));

    send(ci, build("app", 2, 2, "failed", "ABC-2").replace("10:11:12", "10:11:13"));
    await("the one before", () -> title("ABC-1").equals("app #1"));

    server.send("DELETE", server.path("builds", "pipelines/app/builds/1"), server.token(ci), null);
    await("none", () -> jira.links("ABC-1").isEmpty());
    assertThat(title("ABC-2")).isEqualTo("app #2");
  }

  @Test
  void buildWhenJiraIsDownThenKeptAndShownLater() {
    jira.create("ABC-1");
    jira.mode(Mode.DOWN);
    Client ci = server.credential("ci", "builds");

    JsonNode answer = send(ci, build("app", 1, 1, "failed", "ABC-1"));
    assertThat(answer.path("acceptedBuilds")).hasSize(1);
    assertThat(answer.path("unknownIssueKeys")).isEmpty();
    await(
        "the pause",
        () ->
            json(server.admin("GET", "/api/receive/queue", null), 200)
                .path("failure")
                .asString("")
                .contains("502"));
    jira.mode(Mode.ANSWERS);
    json(server.admin("POST", "/api/receive/queue/retry", "{}"), 200);
    await("the link", () -> title("ABC-1").equals("app #1"));
  }

  @Test
  void idWhenJiraIsDownThenTheSenderIsToldToComeBack() {
    jira.mode(Mode.DOWN);
    Client ci = server.credential("ci", "deployments");

    HttpResponse<String> answer =
        server.send(
            "POST",
            server.path("deployments", "bulk"),
            server.token(ci),
            """
            {"deployments":[{"deploymentSequenceNumber":1,"updateSequenceNumber":1,
            "displayName":"app 4.2","url":"https://ci.example.com/d","description":"x",
            "lastUpdated":"2026-01-05T10:11:12.345Z","state":"successful",
            "pipeline":{"id":"app","displayName":"app","url":"https://ci.example.com"},
            "environment":{"id":"eu","displayName":"EU production","type":"production"},
            "associations":[{"associationType":"issueIdOrKeys","values":["10000"]}]}]}""");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("30");
  }

  @Test
  void issueWhenItsProjectIsForbiddenThenAnsweredAsUnknownAndNeverAskedAbout() {
    jira.create("SECRET-1");
    Client ci = server.credential("ci", List.of("builds"), List.of("ABC"));

    JsonNode there = send(ci, build("app", 1, 1, "failed", "SECRET-1"));
    JsonNode absent = send(ci, build("app", 1, 1, "failed", "SECRET-2"));

    assertThat(there.toString().replace("SECRET-1", "SECRET-2")).isEqualTo(absent.toString());
    assertThat(jira.calls()).isEmpty();
  }
}
