package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.link.TestClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Queries of people and their scripts at a running server: who is answered, and with what. */
@SuppressWarnings("NullAway.Init")
final class QueryByPeopleTest {
  private static final String QUERY = "/-/onbehalf/query";
  private static final String ALL = QUERY + "?q=";

  private final TestClock clock = new TestClock();
  @TempDir Path data;
  private ReceivingServer server;
  private PersonAtPages alice;

  @BeforeEach
  void start() throws IOException {
    server = new ReceivingServer(data, clock);
    alice = PersonAtPages.signedIn(server, "alice");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void build(String pipeline, int number, String... keys) {
    String token = server.token(server.credential("ci " + pipeline.hashCode(), "builds"));
    json(
        server.send(
            "POST",
            server.path("builds", "bulk"),
            token,
            ReceivingServer.build(pipeline, number, 1, "failed", keys)),
        202);
  }

  private JsonNode personalToken(Duration life) {
    return json(
        server.admin(
            "POST",
            "/api/personal-tokens",
            ReceivingServer.JSON.writeValueAsString(
                Map.of("person", "alice", "name", "laptop", "seconds", life.toSeconds()))),
        200);
  }

  private String token() {
    return personalToken(Duration.ofHours(1)).path("value").asString();
  }

  @Test
  void queryWhenSignedInThenAnsweredAsJsonAndAsCsvThatNoSpreadsheetRuns() {
    build("=cmd|' /C calc'!A0", 7, "ABC-1", "ABC-2");
    build("mail", 8, "ABC-3");

    JsonNode found = json(alice.get(ALL + "number%20%3D%207"), 200);
    assertThat(found.path("rows")).hasSize(1);
    assertThat(found.path("rows").get(0).path("pipelineId").asString())
        .isEqualTo("=cmd|' /C calc'!A0");
    assertThat(found.path("complete").asBoolean()).isTrue();

    HttpResponse<String> csv = alice.get(ALL + "number%20%3D%207&format=csv");
    assertThat(csv.statusCode()).isEqualTo(200);
    assertThat(csv.headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("text/csv; charset=utf-8; header=present");
    assertThat(csv.headers().firstValue("Content-Disposition").orElse(""))
        .contains("attachment", "query.csv");
    assertThat(csv.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
    assertThat(csv.headers().firstValue("X-Next")).isEmpty();
    assertThat(csv.body().lines()).hasSize(2);
    assertThat(csv.body())
        .startsWith("\"issue\",\"kind\",")
        .contains("\"'=cmd|' /C calc'!A0\"", "\"ABC-1 ABC-2\"")
        .doesNotContain("\"=cmd", ",=");
  }

  @Test
  void queryWhenPagedByIssuesThenTheNextPageGoesOnInEveryForm() {
    build("shop", 7, "ABC-1", "ABC-2", "ABC-3");
    build("mail", 8, "ABC-3");
    String issues = ALL + "&show=issues&limit=2";

    JsonNode first = json(alice.get(issues), 200);
    JsonNode second = json(alice.get(issues + "&after=" + first.path("next").asString()), 200);
    assertThat(
            StreamSupport.stream(first.path("rows").spliterator(), false)
                .map(row -> row.path("issue").asString()))
        .hasSize(2);
    assertThat(second.path("rows")).hasSize(1);
    assertThat(second.path("next").isNull()).isTrue();
    assertThat(first.path("rows").toString())
        .doesNotContain(
            "\"issue\":\"" + second.path("rows").get(0).path("issue").asString() + "\"");
    assertThat(alice.get(issues + "&format=csv").headers().firstValue("X-Next"))
        .contains(first.path("next").asString());
    assertThat(json(alice.get(issues + "&after=x"), 400).path("error").asString())
        .contains("'after' must be");
  }

  @Test
  void pageWhenThereAreManyIssuesThenALinkGoesOn() {
    String[] keys = new String[60];
    java.util.Arrays.setAll(keys, i -> "ABC-" + (i + 100));
    build("shop", 7, keys);

    String page = alice.page("/query?q=&show=issues");
    assertThat(page).contains("rel=\"next\"", "ABC-149").doesNotContain("/issues/ABC-150\"");
    String next =
        page.replaceAll("(?s).*href=\"([^\"]+)\" rel=\"next\".*", "$1").replace("&amp;", "&");
    assertThat(alice.page(next)).contains("/issues/ABC-150\"").doesNotContain("/issues/ABC-149\"");
  }

  @Test
  void queryWhenAPersonalTokenIsShownThenAnsweredAndRecorded() {
    build("shop", 7, "ABC-1");
    String token = token();

    assertThat(json(server.get(ALL, token), 200).path("rows")).hasSize(1);
    assertThat(server.get(ALL + "&format=csv", token).body()).contains("\"shop\"");
    assertThat(json(server.get(QUERY + "/completions?q=sta&cursor=3", token), 200)).isNotEmpty();
    JsonNode fault = json(server.get(ALL + "stat", token), 400);
    assertThat(fault.path("start").asInt(-1)).isZero();
    assertThat(fault.path("end").asInt(-1)).isEqualTo(4);
    assertThat(server.send("POST", QUERY, token, "{}").statusCode()).isEqualTo(405);

    List<JsonNode> events = recorded(4);
    assertThat(events.toString())
        .contains("By personal token 'laptop'.", "status-400")
        .doesNotContain(token);
    assertThat(events).extracting(event -> event.path("actedAs").asString()).containsOnly("alice");
  }

  /** Returns the queries of alice in the audit trail, once there are so many. */
  private List<JsonNode> recorded(int queries) {
    while (true) {
      List<JsonNode> events = new ArrayList<>();
      for (JsonNode event :
          json(server.admin("GET", "/api/audit?limit=100&person=alice", null), 200)) {
        if (event.path("action").asString().equals("query")) {
          events.add(event);
        }
      }
      if (events.size() >= queries) {
        return events;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void queryWhenTheTokenHasEndedOrItsPersonMayNotSignInThenRefused() {
    JsonNode revoked = personalToken(Duration.ofHours(1));
    String ended = revoked.path("value").asString();
    assertThat(server.get(ALL, ended).statusCode()).isEqualTo(200);
    server.admin("DELETE", "/api/personal-tokens/" + revoked.path("id").asString(), null);
    assertRefused(server.get(ALL, ended));

    String brief = personalToken(Duration.ofMinutes(1)).path("value").asString();
    String long1 = token();
    clock.advance(Duration.ofMinutes(2));
    assertRefused(server.get(ALL, brief));

    assertThat(server.get(ALL, long1).statusCode()).isEqualTo(200);
    assertThat(server.admin("DELETE", "/api/users/alice", null).statusCode()).isLessThan(300);
    clock.advance(Duration.ofMinutes(2));
    assertRefused(server.get(ALL, long1));
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(json(answer, 401).path("error").asString()).contains("no personal token that");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @Test
  void queryWhenSomethingElseIsShownThenRefusedEvenInASession() {
    String token = token();
    assertRefused(server.get(ALL, "obp_" + "A".repeat(43)));
    assertRefused(server.get(ALL, token.substring(1)));
    assertRefused(server.get(ALL, "x".repeat(5_000)));
    ReceivingServer.Client sender = server.credential("sender", "builds");
    assertRefused(server.get(ALL, server.token(sender)));
    for (String other : new String[] {"Basic " + token, token, "Bearer", "OAuth a=\"b\""}) {
      assertRefused(alice.get(ALL, "Authorization", other));
    }
    assertRefused(
        alice.get(ALL, "Authorization", "Bearer " + token, "Authorization", "Bearer " + token));
    assertThat(server.get(server.path("builds", "pipelines/p/builds/1"), token).statusCode())
        .as("a person's token sends and reads nothing as a sender")
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "access_token", "personal_token", "authorization", "cursor"})
  void queryWhenTheTokenIsInTheAddressThenRefusedWhoeverAsks(String name) {
    String token = token();
    String path = ALL + "&" + name + "=" + token;

    assertThat(json(server.get(path, null), 400).path("error").asString())
        .contains("Authorization: Bearer");
    assertThat(server.get(path, token).statusCode()).isEqualTo(400);
    assertThat(alice.get(path).statusCode()).isEqualTo(400);
  }

  @Test
  void queryWhenAScriptAsksTooFastThenToldToWaitAndItsPersonAloneIs() {
    clock.stop();
    String token = token();
    int answered = 0;
    HttpResponse<String> answer = server.get(ALL, token);
    while (answer.statusCode() == 200) {
      answered++;
      answer = server.get(ALL, answered % 2 == 0 ? token : token());
    }
    assertThat(answered).isEqualTo(10);
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    PersonAtPages.signedIn(server, "bob");
    assertThat(json(alice.get(ALL), 200).path("rows")).isEmpty();

    clock.advance(Duration.ofSeconds(2));
    assertThat(server.get(ALL, token).statusCode()).isEqualTo(200);
  }

  @Test
  void queryWhenAnAddressGuessesThenBoundedAndARightTokenStillCounts() {
    clock.stop();
    String token = token();
    for (int i = 0; i < ClientFailures.AT_ONCE; i++) {
      assertRefused(server.get(ALL, "obp_guess" + i));
    }
    HttpResponse<String> bounded = server.get(ALL, "obp_guess");
    assertThat(bounded.statusCode()).isEqualTo(429);
    assertThat(bounded.headers().firstValue("Retry-After")).isPresent();
    assertThat(server.get(ALL, token).statusCode()).isEqualTo(200);
  }

  @Test
  void personalTokensWhenMadeAtTheReceivingSiteThenAsked() {
    assertThat(alice.page("/-/onbehalf/")).contains("My scripts");
    alice.page("/-/onbehalf/personal-tokens");
    HttpResponse<String> made =
        alice.post(
            "/-/onbehalf/personal-tokens",
            "name",
            "laptop",
            "days",
            "7",
            "password",
            PersonAtPages.PASSWORD);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    String token = made.body().replaceAll("(?s).*<code>(obp_[A-Za-z0-9_-]+)</code>.*", "$1");

    assertThat(server.get(ALL, token).statusCode()).isEqualTo(200);
    HttpResponse<String> through =
        server.send(
            HttpRequest.newBuilder(URI.create(server.url() + "/-/onbehalf/login/nowhere"))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString("{}"))
                .build());
    assertThat(through.body()).as("nothing goes out from here").doesNotContain("authorisationUrl");
  }
}
