package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.receive.ReceivingServer.Client;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What one credential finds out about, or does to, what another one sent: nothing. */
@SuppressWarnings("NullAway.Init")
final class IsolationTest {
  @TempDir private static Path data;
  private static ReceivingServer server;
  private static String mine;
  private static String theirs;
  private static Client restricted;

  @BeforeAll
  static void start() throws IOException {
    server = new ReceivingServer(data, Clock.systemUTC());
    mine = server.token(server.credential("mine", "builds", "devinfo"));
    theirs = server.token(server.credential("theirs", "builds", "devinfo"));
    restricted = server.credential("restricted", List.of("builds"), List.of("DEF"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode write(String token, String body) {
    return json(server.send("POST", server.path("builds", "bulk"), token, body), 202);
  }

  @Test
  void buildWhenAnotherSentItThenUnreadUnchangedAndUndeleted() {
    String path = server.path("builds", "pipelines/app/builds/1");
    write(mine, build("app", 1, 10, "successful", "ABC-1"));

    assertThat(server.get(path, theirs).body())
        .isEqualTo(server.get(server.path("builds", "pipelines/none/builds/1"), theirs).body());
    server.send("DELETE", path, theirs, null);
    server.send("DELETE", server.path("builds", "bulkByProperties?source=ci"), theirs, null);
    write(theirs, build("app", 1, 99, "failed", "ABC-1"));
    JsonNode still = json(server.get(path, mine), 200);
    assertThat(still.path("state").asString()).isEqualTo("successful");
    assertThat(json(server.get(path, theirs), 200).path("state").asString()).isEqualTo("failed");

    server.send("DELETE", server.path("builds", "bulkByProperties?source=ci"), theirs, null);
    assertThat(server.get(path, theirs).statusCode()).isEqualTo(404);
    assertThat(server.get(path, mine).statusCode()).isEqualTo(200);
  }

  @Test
  void repositoryWhenAnotherSentItThenNothingOfItIsSeen() {
    String body =
        """
        {"properties":{"p":"q"},"repositories":[{"id":"shared","name":"app",
        "url":"https://git.example.com/app","updateSequenceId":1}]}
        """;
    json(server.send("POST", server.path("devinfo", "bulk"), mine, body), 202);

    assertThat(server.get(server.path("devinfo", "repository/shared"), theirs).statusCode())
        .isEqualTo(404);
    assertThat(server.get(server.path("devinfo", "existsByProperties?p=q"), theirs).body())
        .contains("false");
    server.send("DELETE", server.path("devinfo", "repository/shared"), theirs, null);
    assertThat(server.get(server.path("devinfo", "repository/shared"), mine).statusCode())
        .isEqualTo(200);
  }

  @Test
  void issueWhenItsProjectIsForbiddenThenAnsweredAsOneThatDoesNotExist() {
    String token = server.token(restricted);
    JsonNode forbidden = write(token, build("app", 1, 1, "failed", "ABC-1"));
    JsonNode missing = write(token, build("app", 1, 1, "failed", "NOPE-1"));

    assertThat(forbidden.toString().replace("ABC-1", "NOPE-1")).isEqualTo(missing.toString());
    JsonNode both = write(token, build("app", 2, 1, "failed", "DEF-1", "ABC-1"));
    assertThat(both.path("unknownIssueKeys").toString()).isEqualTo("[\"ABC-1\"]");
    assertThat(
            json(server.get(server.path("builds", "pipelines/app/builds/2"), token), 200)
                .path("issueKeys")
                .toString())
        .isEqualTo("[\"DEF-1\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjaSJ9.",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void requestsWhenTheTokenIsNoneOfOursThen401Everywhere(String token) {
    for (String path :
        List.of(
            server.path("builds", "pipelines/app/builds/1"),
            "/jira/builds/0.1/cloud/another/pipelines/app/builds/1",
            "/jira/nothing",
            "/rest/builds/0.1/pipelines/app/builds/1")) {
      HttpResponse<String> answer = server.get(path, token);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).isEqualTo("{\"code\":401,\"message\":\"Unauthorized\"}");
    }
  }

  @Test
  void tokenWhenOneCharacterIsChangedThenRefused() {
    char last = mine.charAt(mine.length() / 2);
    String changed =
        mine.substring(0, mine.length() / 2)
            + (last == 'A' ? 'B' : 'A')
            + mine.substring(mine.length() / 2 + 1);

    assertThat(server.get(server.path("builds", "pipelines/app/builds/1"), changed).statusCode())
        .isEqualTo(401);
  }

  @Test
  void requestsWhenTheCloudIdIsAnotherThen404() {
    assertThat(
            server
                .send(
                    "POST",
                    "/jira/builds/0.1/cloud/another/bulk",
                    mine,
                    build("a", 1, 1, "failed", "ABC-1"))
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void pagesWhenOnlyATokenIsShownThenSignInIsAskedFor() {
    HttpResponse<String> page = server.get("/issues/ABC-1", mine);

    assertThat(page.statusCode()).isEqualTo(303);
    assertThat(page.headers().firstValue("Location").orElse(""))
        .contains("/-/onbehalf/sign-in?returnTo=%2Fissues%2FABC-1");
  }

  @Test
  void auditWhenACredentialWasUsedThenSaysWhichAndForWhichIssues() throws Exception {
    Client client = server.credential("audited", "builds");
    String token = server.token(client);
    write(token, build("app", 1, 1, "failed", "ABC-7", "NOPE-7"));
    server.send("DELETE", server.path("builds", "pipelines/app/builds/1"), token, null);

    String path = "/api/audit?consumer=" + client.id();
    String events = server.admin("GET", path, null).body();
    while (!events.contains("receive-delete")) {
      Thread.sleep(20);
      events = server.admin("GET", path, null).body();
    }
    assertThat(events)
        .contains("credential-create", "receive-token", "receive-write")
        .contains("Accepted 1, rejected 0 builds; issues ABC-7.")
        .doesNotContain(client.secret(), token);
  }
}
