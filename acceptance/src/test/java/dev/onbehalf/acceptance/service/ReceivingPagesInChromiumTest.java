package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.acceptance.peers.ChromiumBrowser;
import dev.onbehalf.acceptance.peers.ChromiumBrowser.View;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * An administrator makes a credential in a real browser, a build server sends with it, and people
 * see it on every page and in a panel of a dashboard. Pictures are kept under {@code
 * target/screenshots}, and those of the guide, with {@code onbehalf.write-docs}, under {@code
 * docs/images}.
 */
@Tag("debian")
class ReceivingPagesInChromiumTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Pictures of the README and the guide. */
  private static final List<String> GUIDE =
      List.of("credential-form", "credential-secret", "receiving-issue", "board", "environment");

  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  private static OnbehalfProcess onbehalf;
  private static ChromiumBrowser browser;
  private static HttpServer dashboards;
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    int port = Ports.free();
    url = "http://localhost:" + port;
    dashboards = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    dashboards.createContext(
        "/",
        exchange -> {
          byte[] body =
              ("<!doctype html><title>Dashboard</title><h1>Dashboard</h1><iframe width=900"
                      + " height=420 src='"
                      + url
                      + exchange.getRequestURI().getRawPath()
                      + "'></iframe>")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    dashboards.start();
    onbehalf =
        OnbehalfProcess.startReceiving(
            port,
            """
            projects: [ABC, BAD, DEF]
            administrators: [alice]
            frame-origins: ["%s", "%s"]
            """
                .formatted(dashboard("localhost"), dashboard("127.0.0.1")));
    onbehalf.addPerson("alice");
    onbehalf.addPerson("bob");
    browser = ChromiumBrowser.start();
  }

  @AfterAll
  static void stop() {
    browser.close();
    onbehalf.close();
    dashboards.stop(0);
  }

  private static String dashboard(String host) {
    return "http://" + host + ":" + dashboards.getAddress().getPort();
  }

  @ParameterizedTest
  @EnumSource(View.class)
  void credentialWhenMadeInTheBrowserThenWhatItSendsIsSeenOnEveryPage(View view) throws Exception {
    PersonInChromium person = new PersonInChromium(browser, view);
    Page page = person.page();
    page.navigate(url + "/credentials");
    person.signIn("alice", ".viewer");
    page.getByRole(AriaRole.LINK, PersonInChromium.named("New credential")).click();
    page.getByLabel("Name").fill("Jenkins");
    page.getByLabel("For which projects?").fill("abc, bad");
    page.getByLabel("Until which day?").fill("2199-12-31");
    picture(person, view, "credential-form");
    person.click("Make it");
    String clientId = page.locator("code.value").first().textContent();
    String secret = Secrets.made("client secret", page.locator("#secret").textContent());
    assertThat(secret).startsWith("onbs_");
    page.locator("#secret").evaluate("code => { code.textContent = 'onbs_' + '•'.repeat(43) }");
    picture(person, view, "credential-secret");

    send(new BuildSender(url, clientId, secret));
    page.navigate(url + "/credentials/" + clientId);
    assertThat(page.locator("main").textContent()).doesNotContain(secret).doesNotContain("never");
    picture(person, view, "credential");
    page.navigate(url + "/credentials");
    picture(person, view, "credentials");

    page.navigate(url + "/issues/ABC-12");
    assertThat(page.locator("main").textContent())
        .contains("EU production", "app 4.2 to EU production", "310 tests: 310 passed");
    picture(person, view, "receiving-issue");
    page.navigate(url + "/projects");
    page.getByLabel("Project").fill("abc");
    person.click("Show");
    page.waitForURL("**/projects/ABC");
    assertThat(page.locator("th[scope=row]").allTextContents())
        .containsExactly("ABC-31", "ABC-17", "ABC-12");
    picture(person, view, "board");
    page.getByText("Not yet on production").click();
    person.click("Show");
    page.waitForURL("**/projects/ABC?waiting=yes");
    assertThat(page.locator("th[scope=row]").allTextContents()).containsExactly("ABC-31", "ABC-17");

    page.getByRole(AriaRole.LINK, PersonInChromium.named("Environments")).click();
    page.getByRole(AriaRole.LINK, PersonInChromium.named("EU production")).first().click();
    page.waitForURL(Pattern.compile(".*/environments/[0-9]+"));
    assertThat(page.locator("main").textContent()).contains("Here now", "shop/app #42");
    picture(person, view, "environment");
    page.getByRole(AriaRole.LINK, PersonInChromium.named("shop/app #42")).first().click();
    page.waitForURL(Pattern.compile(".*/pipelines/[0-9]+"));
    assertThat(page.locator("main").textContent()).contains("shop/app #43", "2 failed");
    picture(person, view, "pipeline");

    for (String path : List.of("/issues/BAD-1", "/projects/BAD", "/environments", "/pipelines")) {
      page.navigate(url + path);
      assertThat(page.locator("main").textContent()).as(path).contains(MARKUP);
      assertThat(page.locator("main img").count()).isZero();
      picture(person, view, "markup" + path.replace('/', '-').toLowerCase(Locale.ROOT));
    }
    page.navigate(url + "/query");
    page.getByLabel("Query").fill("environmentType = production AND state = rolled_back");
    person.click("Ask");
    page.waitForSelector(".entries");
    assertThat(page.locator(".entries").textContent())
        .contains("US production")
        .doesNotContain("EU production");
    picture(person, view, "receiving-query");
    end(person, clientId);
    person.assertNoComplaints();
  }

  /** Ends what the test made, as an administrator would. */
  private static void end(PersonInChromium person, String clientId) {
    Page page = person.page();
    page.navigate(url + "/credentials/" + clientId);
    person.click("Switch off");
    assertThat(page.locator("[role=status]").textContent()).contains("Switched off");
    page.getByText("They are deleted with it").click();
    person.click("Delete the credential");
    page.waitForURL("**/credentials?done=deleted");
    page.navigate(url + "/issues/ABC-12");
    assertThat(page.locator("main").textContent()).contains("No build and no deployment");
  }

  @Test
  void credentialsWhenNoAdministratorThenTheOptionIsNamed() {
    PersonInChromium person = new PersonInChromium(browser, View.DESKTOP);
    Page page = person.page();
    page.navigate(url + "/credentials");
    person.signIn("bob", ".viewer");

    assertThat(page.locator("main").textContent()).contains("receive.administrators");
    person.picture("credentials-refused");
  }

  @Test
  void panelWhenOnADashboardOfTheSameSiteThenShownAndOfAnotherSiteThenNothingOfIt()
      throws Exception {
    send(BuildSender.create(onbehalf, url, "panel"));
    PersonInChromium person = new PersonInChromium(browser, View.DESKTOP);
    Page page = person.page();
    page.navigate(url + "/issues");
    person.signIn("bob", ".viewer");

    page.navigate(dashboard("localhost") + "/panel/projects/ABC");
    FrameLocator frame = page.frameLocator("iframe");
    frame.locator("th[scope=row]").first().waitFor();
    assertThat(frame.locator("th[scope=row]").allTextContents()).contains("ABC-12");
    ChromiumBrowser.screenshot(page, "panel-project");
    page.navigate(dashboard("localhost") + "/panel/issues/ABC-12");
    frame.getByText("app 4.2 to EU production").first().waitFor();
    ChromiumBrowser.screenshot(page, "panel-issue");

    page.navigate(dashboard("127.0.0.1") + "/panel/issues/ABC-12");
    frame.getByText("Sign in").first().waitFor();
    assertThat(frame.locator("body").textContent()).doesNotContain("EU production");
    ChromiumBrowser.screenshot(page, "panel-stranger");

    page.navigate(dashboard("localhost") + "/issues/ABC-12");
    assertThat(page.frames().get(1).locator("main").count()).isZero();
    onbehalf.command("credential", "delete", "panel", "--data", "delete");
  }

  /** Three builds and five deployments of an ordinary week, and one whose every text is markup. */
  private static void send(BuildSender sender) throws IOException, InterruptedException {
    String builds =
        String.join(
            ",",
            build(42, "successful", "2026-11-19T09:12:00Z", 310, 0, "ABC-12"),
            build(43, "failed", "2026-11-20T14:05:00Z", 308, 2, "ABC-17", "ABC-12"),
            build(44, "in_progress", "2026-11-21T15:30:00Z", 120, 0, "ABC-31"),
            build(1, "failed", "2026-11-20T14:05:00Z", 1, 0, "BAD-1")
                .replace("shop/app", MARKUP)
                .replace("Nightly of main", MARKUP));
    String deployments =
        String.join(
            ",",
            deployment("Test", "testing", 44, "successful", "2026-11-21T15:40:00Z", "ABC-31"),
            deployment("Stage", "staging", 42, "successful", "2026-11-19T09:30:00Z", "ABC-12"),
            deployment("Stage", "staging", 43, "successful", "2026-11-20T15:00:00Z", "ABC-17"),
            deployment(
                "EU production", "production", 42, "successful", "2026-11-19T11:00:00Z", "ABC-12"),
            deployment(
                "US production", "production", 43, "rolled_back", "2026-11-20T18:00:00Z", "ABC-17"),
            deployment(MARKUP, "production", 1, "successful", "2026-11-20T18:00:00Z", "BAD-1")
                .replace("shop/app", MARKUP)
                .replace("app 4.2", MARKUP));
    String sentBuilds = sender.send("/rest/builds/0.1/bulk", "{\"builds\":[" + builds + "]}");
    String sentDeployments =
        sender.send("/rest/deployments/0.1/bulk", "{\"deployments\":[" + deployments + "]}");
    assertThat(sentBuilds).contains("\"rejectedBuilds\":[]");
    assertThat(sentDeployments).contains("\"rejectedDeployments\":[]");
  }

  private static String build(
      int number, String state, String time, int passed, int failed, String... keys) {
    return """
        {"pipelineId":"shop/app","buildNumber":%1$d,"updateSequenceNumber":1,
         "displayName":"shop/app #%1$d","description":"Nightly of main",
         "url":"https://ci.example.com/job/shop/%1$d/","state":"%2$s","lastUpdated":"%3$s",
         "testInfo":{"totalNumber":%4$d,"numberPassed":%5$d,"numberFailed":%6$d,"numberSkipped":0},
         "issueKeys":%7$s}"""
        .formatted(
            number, state, time, passed + failed, passed, failed, JSON.writeValueAsString(keys));
  }

  private static String deployment(
      String environment, String type, int number, String state, String time, String... keys) {
    return """
        {"deploymentSequenceNumber":%1$d,"updateSequenceNumber":1,
         "displayName":"app 4.2 to %2$s","url":"https://ci.example.com/job/deploy/%1$d/",
         "description":"Rolled out node by node","lastUpdated":"%3$s","state":"%4$s",
         "associations":[{"associationType":"issueKeys","values":%5$s}],
         "pipeline":{"id":"shop/app","displayName":"shop/app","url":"https://ci.example.com/shop"},
         "environment":{"id":"%2$s","displayName":"%2$s","type":"%6$s"}}"""
        .formatted(number, environment, time, state, JSON.writeValueAsString(keys), type);
  }

  /** Keeps a picture, of the guide too where it is one of its. */
  private static void picture(PersonInChromium person, View view, String name) {
    person.picture(name);
    Path images = Path.of("..", "docs", "images");
    if (view == View.DESKTOP && Boolean.getBoolean("onbehalf.write-docs") && GUIDE.contains(name)) {
      person.page().screenshot(new Page.ScreenshotOptions().setPath(images.resolve(name + ".png")));
    }
  }
}
