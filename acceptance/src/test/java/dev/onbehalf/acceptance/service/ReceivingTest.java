package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.onbehalf.acceptance.peers.ChromiumBrowser;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.acceptance.peers.Workspace;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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
  private static String clientId;
  private static String secret;

  @BeforeAll
  static void start() {
    int port = Ports.free();
    url = "http://localhost:" + port;
    onbehalf =
        OnbehalfProcess.start(
            port,
            """
              ci:
                public-url: http://127.0.0.1:%1$d
                upstream: http://127.0.0.1:9
            receive:
              public-url: %2$s
              projects: [ABC]
            """
                .formatted(port, url));
    onbehalf.addPerson("alice");
    String made = onbehalf.command("credential", "create", "jenkins");
    clientId = found(made, "Client id: (\\S+)");
    secret = Secrets.made("client secret", found(made, "shown this once: (\\S+)"));
  }

  @AfterAll
  static void stop() {
    onbehalf.close();
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
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
              Map.of("url", url, "clientId", clientId, "clientSecret", secret, "task", task)));
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
      Page page = browser.newPage(view);
      page.navigate(url + "/issues/abc-12");
      page.getByLabel("Name").fill("alice");
      page.getByLabel("Password").fill(OnbehalfProcess.passwordOf("alice"));
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
      page.waitForSelector(".entries");

      String shown = page.locator("main").textContent();
      assertThat(shown)
          .contains("EU production", "app 4.2 to EU production", "310 tests: 305 passed, 2 failed")
          .contains("<script>alert(1)</script>");
      assertThat(page.locator("main script").count()).isZero();
      assertThat(page.locator(".state.bad").first().textContent()).isEqualTo("failed");
      picture(page, view, "issue");

      page.getByLabel("Issue").fill("ABC-99");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show")).click();
      page.waitForURL("**/issues/ABC-99");
      assertThat(page.locator("main").textContent()).contains("No build and no deployment");
      picture(page, view, "issue-none");
    }
  }

  private static void sendMarkup() throws IOException, InterruptedException {
    HttpResponse<String> token =
        post(
            "/oauth/token",
            null,
            JSON.writeValueAsString(
                Map.of(
                    "grant_type", "client_credentials",
                    "client_id", clientId,
                    "client_secret", secret)));
    HttpResponse<String> answer =
        post(
            "/rest/builds/0.1/bulk",
            JSON.readTree(token.body()).path("access_token").asString(),
            """
            {"builds":[{"pipelineId":"<b>app</b>","buildNumber":1,"updateSequenceNumber":1,
             "displayName":"<script>alert(1)</script>","description":"\\u202e<img src=x onerror=alert(1)>",
             "url":"https://ci.example.com/?a=\\"><script>alert(2)</script>","state":"in_progress",
             "lastUpdated":"2026-01-06T10:11:12.345Z","issueKeys":["ABC-12"]}]}
            """
                .replace("\\\"><script>alert(2)</script>", "%22%3E%3Cscript%3E"));
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).contains("\"rejectedBuilds\":[]");
  }

  private static HttpResponse<String> post(String path, @Nullable String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private static void picture(Page page, View view, String name) {
    ChromiumBrowser.screenshot(page, name + "-" + view.name().toLowerCase(Locale.ROOT));
    assertThat(
            page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        .isEqualTo(0);
  }
}
