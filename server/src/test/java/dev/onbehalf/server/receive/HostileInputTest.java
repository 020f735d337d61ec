package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Payload bombs, odd numbers, repeated and late senders (case 65). */
@SuppressWarnings("NullAway.Init")
final class HostileInputTest {
  @TempDir private static Path data;
  private static ReceivingServer server;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    server = new ReceivingServer(data, Clock.systemUTC(), "receive.body=1MB");
    token = server.token(server.credential("ci", "builds", "devinfo"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Arguments> bombs() {
    String sound = build("bomb", 1, 1, "failed", "ABC-1");
    String[] many = new String[501];
    java.util.Arrays.setAll(many, i -> "ABC-" + (i + 1));
    return Stream.of(
        Arguments.of("[".repeat(100_000), 400),
        Arguments.of("{\"builds\":" + "[".repeat(50) + "]".repeat(50) + "}", 400),
        Arguments.of("{\"builds\":[" + "1,".repeat(350_000) + "1]}", 400),
        Arguments.of("{\"builds\":[" + "{},".repeat(1_000) + "{}]}", 413),
        Arguments.of(sound.replace(":1,", ":1" + "0".repeat(60) + ","), 400),
        Arguments.of(sound.replace("failed", "x".repeat(1_100_000)), 413),
        Arguments.of(
            sound.replace("\"state\"", "\"more\":\"" + "x".repeat(100_000) + "\",\"state\""), 202),
        Arguments.of(sound.replace("bomb", "\\uD800"), 202),
        Arguments.of(sound.replace("bomb", "\\u0000"), 202),
        Arguments.of(sound.replace(":1,", ":1e400,"), 202),
        Arguments.of(sound.replace(":1,", ":-1,"), 202),
        Arguments.of(sound.replace(":1,", ":9223372036854775808,"), 202),
        Arguments.of(sound.replace("https://ci", "javascript://ci"), 202),
        Arguments.of(sound.replace("2026-01-05T10:11:12.345Z", "yesterday"), 202),
        Arguments.of(build("bomb", 1, 1, "failed", many), 202));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void bulkWhenItIsABombThenRefusedOrItsElementRejected(String body, int status) {
    HttpResponse<String> answer = server.send("POST", server.path("builds", "bulk"), token, body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    if (status == 202) {
      JsonNode json = json(answer, 202);
      assertThat(json.path("acceptedBuilds")).isEmpty();
      assertThat(json.path("rejectedBuilds")).hasSize(1);
    } else {
      assertThat(answer.body()).startsWith("[{\"message\":\"");
    }
    assertThat(answer.body().length()).isLessThan(100_000);
  }

  @Test
  void bulkWhenNoTokenIsShownThenALargeBodyIsNotRead() {
    HttpResponse<String> answer =
        server.send("POST", server.path("builds", "bulk"), null, "x".repeat(100_000));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void lastUpdatedWhenItIsAbsurdThenStoredAllTheSame() {
    for (String time :
        new String[] {
          "+999999999-01-01T00:00:00Z", "-000044-03-15T12:00:00Z", "9999-12-31T23:59:59-18:00"
        }) {
      JsonNode answer =
          json(
              server.send(
                  "POST",
                  server.path("builds", "bulk"),
                  token,
                  build("t" + time.hashCode(), 1, 1, "failed", "ABC-1")
                      .replace("2026-01-05T10:11:12.345Z", time)),
              202);
      assertThat(answer.path("acceptedBuilds")).hasSize(1);
    }
  }

  @Test
  void bulkWhenTheSendersClockSteppedBackThenTheLaterStateStays() {
    json(
        server.send(
            "POST",
            server.path("builds", "bulk"),
            token,
            build("clock", 1, 1_700_000_000_000L, "successful", "ABC-1")),
        202);
    for (int i = 0; i < 3; i++) {
      JsonNode late =
          json(
              server.send(
                  "POST",
                  server.path("builds", "bulk"),
                  token,
                  build("clock", 1, 1_600_000_000_000L, "in_progress", "ABC-2")),
              202);
      assertThat(late.path("acceptedBuilds")).hasSize(1);
    }

    JsonNode stored =
        json(server.get(server.path("builds", "pipelines/clock/builds/1"), token), 200);
    assertThat(stored.path("state").asString()).isEqualTo("successful");
    assertThat(stored.path("issueKeys").toString()).isEqualTo("[\"ABC-1\"]");
  }

  @Test
  void bulkWhenOneElementComesTwiceThenTheHigherNumberWins() {
    String one = build("twice", 1, 5, "successful", "ABC-1");
    String two = build("twice", 1, 4, "failed", "ABC-1");
    String body = one.substring(0, one.length() - 2) + "," + two.substring(two.indexOf('[') + 1);

    JsonNode answer = json(server.send("POST", server.path("builds", "bulk"), token, body), 202);

    assertThat(answer.path("acceptedBuilds")).hasSize(2);
    assertThat(
            json(server.get(server.path("builds", "pipelines/twice/builds/1"), token), 200)
                .path("state")
                .asString())
        .isEqualTo("successful");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.CsvSource({
    "GET, /oauth/token, 405",
    "POST, /_edge/tenant_info, 405",
    "GET, /nothing, 404",
    "GET, /jira/builds/0.1/cloud, 401",
    "PUT, /issues, 405"
  })
  void requestsWhenMethodOrPathIsWrongThenSaid(String method, String path, int status) {
    assertThat(server.send(method, path, null, null).statusCode()).isEqualTo(status);
  }
}
