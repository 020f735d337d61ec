package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.PersonAtPages.text;
import static dev.onbehalf.server.receive.ReceivingServer.build;
import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The board, and the pages of environments and pipelines, over a socket. */
@SuppressWarnings("NullAway.Init")
final class ReceivingPagesTest {
  private static final String MARKUP = "<script>alert(1)</script>";
  private static final Pattern NEXT = Pattern.compile("href=\"([^\"]+)\" rel=\"next\"");

  @TempDir private static Path data;
  private static ReceivingServer server;
  private static PersonAtPages alice;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    server =
        new ReceivingServer(
            data,
            Clock.systemUTC(),
            "receive.projects=ABC,DEF,PAGE,BAD",
            "receive.frame-origins=https://jira.example.com,http://wiki.example.com:8090");
    alice = PersonAtPages.signedIn(server, "alice");
    token = server.token(server.credential("jenkins", "builds", "deployments"));
    send("builds", build("team/app", 7, 1, "successful", "ABC-1", "ABC-2"));
    send("builds", build("team/app", 8, 1, "failed", "ABC-2", "ABC-10"));
    deploy("team/app", "EU production", "production", 7, "successful", "ABC-1", "NOPE-1");
    deploy("team/app", "Stage", "staging", 8, "successful", "ABC-2", "ABC-1");
    deploy("team/app", "EU production", "production", 8, "failed", "ABC-2", "ABC-1");
    deploy("team/app", "Review", "unmapped", 9, "in_progress", "ABC-10");
    deploy("other", "Stage of DEF", "staging", 1, "successful", "DEF-1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void send(String kind, String body) {
    JsonNode answer = json(server.send("POST", server.path(kind, "bulk"), token, body), 202);
    assertThat(answer.toString()).containsPattern("\"rejected[A-Za-z]+\":\\[\\]");
  }

  /** Deploys at a time that grows with the number. */
  private static void deploy(
      String pipeline, String environment, String type, int number, String state, String... keys) {
    send(
        "deployments",
        """
        {"deployments":[{"deploymentSequenceNumber":%1$d,"updateSequenceNumber":1,
        "displayName":"Release %1$d","url":"https://ci.example.com/%1$d","description":"Nightly",
        "lastUpdated":"2026-01-05T10:%1$02d:00Z","state":"%2$s","associations":
        [{"associationType":"issueKeys","values":%3$s}],
        "pipeline":{"id":"%4$s","displayName":"%4$s","url":"https://ci.example.com/p"},
        "environment":{"id":"%5$s","displayName":"%5$s","type":"%6$s"}}]}"""
            .formatted(
                number,
                state,
                ReceivingServer.JSON.writeValueAsString(keys),
                pipeline,
                environment,
                type));
  }

  private static String place(String list, String name) {
    Matcher matcher =
        Pattern.compile("href=\"(/[a-z]+/[0-9]+)\">\\s*<bdi>" + Pattern.quote(name) + "</bdi>")
            .matcher(alice.page(list));
    assertThat(matcher.find()).as(list + " has " + name).isTrue();
    return matcher.group(1);
  }

  private static List<String> keys(String html) {
    return Pattern.compile("<th scope=\"row\"><a href=\"/issues/([A-Z0-9-]+)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void boardWhenOpenedThenIssuesNewestFirstAgainstEnvironmentsProductionFirst() {
    String html = alice.page("/projects/abc");

    assertThat(keys(html)).containsExactly("ABC-10", "ABC-2", "ABC-1");
    String shown = text(html);
    assertThat(shown).containsSubsequence("EU production", "Stage", "Review");
    assertThat(shown).doesNotContain("Stage of DEF", "NOPE");
    assertThat(shown.substring(shown.indexOf("ABC-1 ")))
        .containsSubsequence("successful", "failed", "an earlier one was successful");
    assertThat(html).contains("href=\"https://ci.example.com/8\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "waiting=yes|ABC-10 ABC-2",
        "type=production|ABC-2 ABC-1",
        "type=unmapped|ABC-10",
        "type=testing|''",
        "state=failed|ABC-10 ABC-2 ABC-1",
        "state=in_progress|ABC-10",
        "state=successful&type=staging&waiting=yes|ABC-2",
        "text=abc-1|ABC-10 ABC-1",
        "text=RELEASE+9|ABC-10",
        "text=nothing+of+it|''",
        "before=10|ABC-2 ABC-1",
        "before=1|''",
        "type=x&state=y|ABC-10 ABC-2 ABC-1"
      })
  void boardWhenFilteredThenThoseAlone(String query, String wanted) {
    assertThat(String.join(" ", keys(alice.page("/projects/ABC?" + query)))).isEqualTo(wanted);
  }

  @Test
  void boardWhenAskedByFormThenRedirectedWithWhatIsSelected() {
    HttpResponse<String> answer =
        alice.get("/projects?project=abc&type=staging&state=&waiting=yes&text=a+b");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location").orElse(""))
        .endsWith("/projects/ABC?type=staging&waiting=yes&text=a+b");
    assertThat(alice.get("/projects?project=a").statusCode()).isEqualTo(400);
    assertThat(alice.get("/projects/a").statusCode()).isEqualTo(404);
    assertThat(alice.get("/projects/ABC?before=x").statusCode()).isEqualTo(400);
    assertThat(alice.page("/projects")).contains("<option value=\"DEF\">");
  }

  @Test
  void boardWhenThereAreManyIssuesThenPagedEachOnce() {
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      all.add("PAGE-" + i);
    }
    deploy("bulk", "Stage", "staging", 10, "successful", all.toArray(String[]::new));

    List<String> found = new ArrayList<>();
    String path = "/projects/PAGE?state=successful";
    int pages = 0;
    while (path != null) {
      String html = alice.page(path);
      found.addAll(keys(html));
      Matcher next = NEXT.matcher(html);
      path = next.find() ? next.group(1).replace("&amp;", "&") : null;
      pages++;
    }

    assertThat(pages).isEqualTo(3);
    assertThat(found).hasSize(60).doesNotHaveDuplicates().startsWith("PAGE-60", "PAGE-59");
  }

  @Test
  void environmentWhenOpenedThenWhatIsThereNowAndSinceWhen() {
    String path = place("/environments", "EU production");
    String shown = text(alice.page(path));

    assertThat(shown)
        .containsSubsequence(
            "EU production",
            "production, reported by jenkins",
            "Here now",
            "successful",
            "team/app #7",
            "Release 7",
            "ABC-1",
            "5 Jan 2026, 10:07 UTC",
            "All deployments",
            "failed",
            "team/app #8",
            "team/app #7")
        .doesNotContain("NOPE");
  }

  @Test
  void pipelineWhenOpenedThenBuildsLatestFirstAndItsDeployments() {
    String path = place("/pipelines", "team/app");
    String html = alice.page(path);

    assertThat(text(html))
        .containsSubsequence("Builds", "#8", "#7", "Latest deployments", "Review")
        .contains("failed", "ABC-10");
    assertThat(html).contains("href=\"" + place("/environments", "EU production") + "\"");
  }

  @Test
  void historyWhenLongThenPagedEachOnce() {
    for (int i = 1; i <= 30; i++) {
      deploy("long", "Long", "testing", i, "failed", "DEF-2");
    }
    List<String> found = new ArrayList<>();
    String path = place("/environments", "Long");
    while (path != null) {
      String html = alice.page(path);
      Pattern.compile("long #([0-9]+)").matcher(html).results().forEach(m -> found.add(m.group(1)));
      Matcher next = NEXT.matcher(html);
      path = next.find() ? next.group(1) : null;
    }

    assertThat(found).hasSize(30).doesNotHaveDuplicates().startsWith("30", "29").endsWith("1");
    assertThat(alice.get(place("/environments", "Long") + "?before=1").statusCode()).isEqualTo(400);
  }

  @Test
  void issueWhenOpenedThenLinkedWithItsPlaces() {
    assertThat(alice.page("/issues/ABC-1"))
        .contains("href=\"" + place("/environments", "EU production") + "\"")
        .contains("href=\"" + place("/pipelines", "team/app") + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/environments/999999",
        "/environments/x",
        "/environments/1/2",
        "/pipelines/999999",
        "/pipelines/-1"
      })
  void pageWhenThereIsNoSuchPlaceThenNotFound(String path) {
    assertThat(alice.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/projects", "/projects/ABC", "/environments", "/environments/1", "/pipelines/1"})
  void pageWhenNobodyIsSignedInThenToSignIn(String path) {
    HttpResponse<String> answer = server.get(path, null);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location").orElse("")).contains("/sign-in?returnTo=");
    assertThat(server.send("POST", path, null, null).statusCode()).isEqualTo(405);
  }

  @Test
  void panelWhenSignedInThenShownAndFramedByTheConfiguredOriginsAlone() {
    HttpResponse<String> issue = alice.get("/panel/issues/abc-1");

    assertThat(issue.statusCode()).isEqualTo(200);
    assertThat(issue.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("; frame-ancestors https://jira.example.com http://wiki.example.com:8090;");
    assertThat(issue.headers().firstValue("X-Frame-Options")).isEmpty();
    assertThat(text(issue.body())).containsSubsequence("Where it is", "EU production", "Builds");
    assertThat(issue.body()).doesNotContain("<form", "csrf");
    assertThat(keys(alice.page("/panel/projects/ABC"))).containsExactly("ABC-10", "ABC-2", "ABC-1");
    for (String path : List.of("/issues/ABC-1", "/-/onbehalf/sign-in", "/panel/issues/x")) {
      HttpResponse<String> other = alice.get(path);
      assertThat(other.headers().firstValue("X-Frame-Options")).contains("DENY");
    }
    assertThat(alice.get("/panel/issues/x").statusCode()).isEqualTo(404);
  }

  @Test
  void panelWhenNobodyIsSignedInThenNothingButTheKeyThatWasAskedFor() {
    for (String path : List.of("/panel/issues/ABC-1", "/panel/projects/ABC")) {
      HttpResponse<String> answer = server.get(path, null);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .contains("Sign in")
          .doesNotContain("EU production", "team/app", "<form");
    }
    assertThat(text(server.get("/panel/issues/ABC-1", null).body()).replace("ABC-1", "DEF-99"))
        .isEqualTo(text(server.get("/panel/issues/DEF-99", null).body()));
  }

  @Test
  void pagesWhenEveryTextIsMarkupThenShownAsText() {
    String hostile = MARKUP + "\\\" onload=alert(2) '";
    send(
        "builds",
        build("P", 1, 1, "failed", "BAD-1")
            .replace("\"P\"", "\"" + hostile + "\"")
            .replace("\"P #1\"", "\"" + hostile + "\",\"description\":\"" + hostile + "\""));
    send(
        "deployments",
        """
        {"deployments":[{"deploymentSequenceNumber":1,"updateSequenceNumber":1,
        "displayName":"$M","url":"https://ci.example.com/?a=%22%3E","description":"$M","label":"$M",
        "lastUpdated":"2026-01-05T10:00:00Z","state":"successful","associations":
        [{"associationType":"issueKeys","values":["BAD-1"]}],
        "pipeline":{"id":"$M","displayName":"$M","url":"https://ci.example.com/p"},
        "environment":{"id":"$M","displayName":"$M","type":"production"}}]}"""
            .replace("$M", hostile));
    String escaped = "&lt;script&gt;alert(1)&lt;/script&gt;";
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/issues/BAD-1", "/projects/BAD", "/panel/issues/BAD-1", "/panel/projects/BAD"));
    for (String list : List.of("/environments", "/pipelines")) {
      String html = alice.page(list);
      Matcher place =
          Pattern.compile("href=\"(/[a-z]+/[0-9]+)\">\\s*<bdi>" + Pattern.quote(escaped))
              .matcher(html);
      assertThat(place.find()).as(html).isTrue();
      paths.add(place.group(1));
      paths.add(list);
    }

    for (String path : paths) {
      assertThat(alice.page(path))
          .as(path)
          .contains(escaped)
          .doesNotContain("<script")
          .doesNotContainPattern("<[^>]* onload=");
    }
  }
}
