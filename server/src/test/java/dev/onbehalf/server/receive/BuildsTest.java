package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.build;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The builds API over a socket. */
@SuppressWarnings("NullAway.Init")
final class BuildsTest {
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
    token = server.token(server.credential("ci" + ++credentials, "builds"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private JsonNode bulk(String body) {
    return json(server.send("POST", server.path("builds", "bulk"), token, body), 202);
  }

  private HttpResponse<String> read(String pipeline, long number) {
    return server.get(server.path("builds", "pipelines/" + pipeline + "/builds/" + number), token);
  }

  @Test
  void bulkWhenKeysAreKnownThenAcceptedAndReadBack() {
    JsonNode answer = bulk(build("team/app", 5, 10, "failed", "ABC-12", "abc-13"));

    assertThat(answer.toString())
        .isEqualTo(
            "{\"acceptedBuilds\":[{\"pipelineId\":\"team/app\",\"buildNumber\":5}],"
                + "\"rejectedBuilds\":[],\"unknownIssueKeys\":[],\"unknownAssociations\":[]}");
    JsonNode stored = json(read("team%2Fapp", 5), 200);
    assertThat(stored.path("state").asString()).isEqualTo("failed");
    assertThat(stored.path("issueKeys")).hasSize(2);
    assertThat(read("team", 5).statusCode()).isEqualTo(404);
  }

  @Test
  void bulkWhenSomeKeysAreUnknownThenAcceptedForTheOthers() {
    JsonNode answer = bulk(build("app", 1, 1, "successful", "ABC-1", "NOPE-1"));

    assertThat(answer.path("acceptedBuilds")).hasSize(1);
    assertThat(answer.path("unknownIssueKeys").toString()).isEqualTo("[\"NOPE-1\"]");
    assertThat(json(read("app", 1), 200).path("issueKeys").toString()).isEqualTo("[\"ABC-1\"]");
  }

  @Test
  void bulkWhenAllKeysAreUnknownThenRejectedAndNotStored() {
    JsonNode answer = bulk(build("app", 1, 1, "successful", "NOPE-1"));

    assertThat(answer.path("acceptedBuilds")).isEmpty();
    assertThat(answer.path("rejectedBuilds").toString())
        .isEqualTo(
            "[{\"key\":{\"pipelineId\":\"app\",\"buildNumber\":1},"
                + "\"errors\":[{\"message\":\"No valid issues found for build\"}]}]");
    assertThat(read("app", 1).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"9, failed", "10, failed", "11, successful"})
  void bulkWhenRepeatedThenStoredOnlyIfTheNumberIsHigher(long number, String state) {
    bulk(build("app", 1, 10, "failed", "ABC-1"));
    JsonNode answer = bulk(build("app", 1, number, "successful", "ABC-2"));

    assertThat(answer.path("acceptedBuilds")).hasSize(1);
    JsonNode stored = json(read("app", 1), 200);
    assertThat(stored.path("state").asString()).isEqualTo(state);
    assertThat(stored.path("issueKeys")).hasSize(1);
  }

  @Test
  void bulkWhenOneElementIsBadThenItAloneIsRejected() {
    String body =
        build("app", 1, 1, "failed", "ABC-1")
            .replace("\"builds\":[", "\"builds\":[{\"pipelineId\":\"x\",\"state\":\"odd\"},");
    JsonNode answer = bulk(body);

    assertThat(answer.path("acceptedBuilds")).hasSize(1);
    assertThat(answer.path("rejectedBuilds")).hasSize(1);
    assertThat(answer.path("rejectedBuilds").toString())
        .contains("'url' is required", "'state' is not valid. Allowed values are: [pending");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          not json                                        | cannot be read as JSON
          []                                              | must be a JSON object
          {}                                              | builds' is required
          {"builds":[]}                                   | builds' must have at least 1 element
          {"builds":[],"builds":[]}                       | Duplicate
          {"builds":[{}],"properties":{"_a":"b"}}         | begin with
          """)
  void bulkWhenTheEnvelopeIsBadThen400WithMessages(String body, String contains) {
    JsonNode answer = json(server.send("POST", server.path("builds", "bulk"), token, body), 400);

    assertThat(answer.isArray()).isTrue();
    assertThat(answer.path(0).path("message").asString()).contains(contains);
  }

  @Test
  void deleteWhenByKeyThenGone() {
    bulk(build("app", 1, 1, "failed", "ABC-1"));
    String path = server.path("builds", "pipelines/app/builds/1");

    assertThat(server.send("DELETE", path, token, null).statusCode()).isEqualTo(202);
    assertThat(read("app", 1).statusCode()).isEqualTo(404);
    assertThat(server.send("DELETE", path, token, null).statusCode()).isEqualTo(202);
  }

  @Test
  void deleteWhenByPropertiesThenAllThatHaveEachOfThem() {
    bulk(build("app", 1, 1, "failed", "ABC-1"));
    bulk(
        build("app", 2, 1, "failed", "ABC-1")
            .replace("\"source\":\"ci\"", "\"source\":\"ci\",\"node\":\"a\""));
    String path = server.path("builds", "bulkByProperties");

    assertThat(server.send("DELETE", path, token, null).statusCode()).isEqualTo(400);
    assertThat(server.send("DELETE", path + "?source=x", token, null).statusCode()).isEqualTo(202);
    assertThat(read("app", 2).statusCode()).isEqualTo(200);
    assertThat(server.send("DELETE", path + "?source=ci&node=a", token, null).statusCode())
        .isEqualTo(202);
    assertThat(read("app", 2).statusCode()).isEqualTo(404);
    assertThat(read("app", 1).statusCode()).isEqualTo(200);
  }

  @Test
  void deleteWhenAPropertyOnlyReadsAlikeThenNothingGoes() {
    bulk(build("app", 3, 1, "failed", "ABC-1").replace("\"source\":\"ci\"", "\"a\":\"b:c\""));
    String path = server.path("builds", "bulkByProperties");

    server.send("DELETE", path + "?a%3Ab=c", token, null);
    assertThat(read("app", 3).statusCode()).isEqualTo(200);

    server.send("DELETE", path + "?a=b%3Ac", token, null);
    assertThat(read("app", 3).statusCode()).isEqualTo(404);
  }

  @Test
  void answersWhenPermittedThenSayWhatIsLeftOfTheLimit() {
    HttpResponse<String> answer = read("app", 1);

    assertThat(answer.headers().firstValue("X-RateLimit-Limit")).contains("200");
    assertThat(answer.headers().firstValueAsLong("X-RateLimit-Remaining").orElse(0))
        .isBetween(100L, 199L);
  }
}
