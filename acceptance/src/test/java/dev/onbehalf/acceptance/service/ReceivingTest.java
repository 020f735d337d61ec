package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.onbehalf.acceptance.peers.ChromiumBrowser;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A credential is made, npm {@code jira.js} sends with it, a person sees it in a real browser. */
@Tag("debian")
class ReceivingTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static OnbehalfProcess onbehalf;
  private static String url;
  private static BuildSender jenkins;

  @BeforeAll
  static void start() {
    int port = Ports.free();
    url = "http://localhost:" + port;
    onbehalf = OnbehalfProcess.startReceiving(port, "projects: [ABC]\n");
    onbehalf.addPerson("alice");
    jenkins = BuildSender.create(onbehalf, url, "jenkins");
  }

  @AfterAll
  static void stop() {
    onbehalf.close();
  }

  private static JsonNode jiraJs(String task) throws IOException, InterruptedException {
    Path errors = Workspace.create("jira-js").resolve("errors.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            "node", Workspace.base().resolve("src/clients/jira_js_client.js").toString());
    builder
        .environment()
        .put("NODE_PATH", Workspace.target().resolve("npm/node_modules").toString());
    Process process = builder.redirectError(errors.toFile()).start();
    try (Writer input = process.outputWriter()) {
      input.write(
          JSON.writeValueAsString(
              Map.of(
                  "url",
                  url,
                  "clientId",
                  jenkins.clientId(),
                  "clientSecret",
                  jenkins.secret(),
                  "task",
                  task)));
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
    return JSON.readTree(answer);
  }

  @Test
  void jiraJsWhenOnlyItsHostIsChangedThenSubmitsReadsAndDeletes() throws Exception {
    JsonNode sent = jiraJs("send");

    assertThat(sent.path("builds").path("acceptedBuilds").toString())
        .isEqualTo("[{\"pipelineId\":\"app\",\"buildNumber\":9}]");
    assertThat(sent.path("builds").path("unknownIssueKeys").toString()).isEqualTo("[\"NOPE-1\"]");
    assertThat(sent.path("deployments").path("acceptedDeployments").toString())
        .isEqualTo(
            "[{\"pipelineId\":\"app\",\"environmentId\":\"eu-prod\","
                + "\"deploymentSequenceNumber\":9}]");
    assertThat(sent.path("build").path("state").asString()).isEqualTo("failed");
    assertThat(sent.path("deployment").path("environment").path("id").asString())
        .isEqualTo("eu-prod");
    assertThat(jiraJs("delete").path("gone").toString()).isEqualTo("[404,404]");
  }

  @ParameterizedTest
  @EnumSource(View.class)
  void issuePageWhenSomethingWasSentThenAPersonSeesIt(View view) throws Exception {
    jiraJs("send");
    sendMarkup();
    try (ChromiumBrowser browser = ChromiumBrowser.start()) {
      PersonInChromium person = new PersonInChromium(browser, view);
      Page page = person.page();
      page.navigate(url + "/issues/abc-12");
      person.signIn("alice", ".entries");

      String shown = page.locator("main").textContent();
      assertThat(shown)
          .contains("EU production", "app 4.2 to EU production", "310 tests: 305 passed, 2 failed")
          .contains("<script>alert(1)</script>");
      assertThat(page.locator("main script").count()).isZero();
      assertThat(page.locator(".state.bad").first().textContent()).isEqualTo("failed");
      person.picture("issue");

      page.getByLabel("Issue").fill("ABC-99");
      person.click("Show");
      page.waitForURL("**/issues/ABC-99");
      assertThat(page.locator("main").textContent()).contains("No build and no deployment");
      person.picture("issue-none");
    }
  }

  private static void sendMarkup() throws IOException, InterruptedException {
    String answer =
        jenkins.send(
            "/rest/builds/0.1/bulk",
            """
            {"builds":[{"pipelineId":"<b>app</b>","buildNumber":1,"updateSequenceNumber":1,
             "displayName":"<script>alert(1)</script>","description":"\\u202e<img src=x onerror=alert(1)>",
             "url":"https://ci.example.com/?a=\\"><script>alert(2)</script>","state":"in_progress",
             "lastUpdated":"2026-01-06T10:11:12.345Z","issueKeys":["ABC-12"]}]}
            """
                .replace("\\\"><script>alert(2)</script>", "%22%3E%3Cscript%3E"));
    assertThat(answer).contains("\"rejectedBuilds\":[]");
  }
}
