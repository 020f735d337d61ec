package dev.onbehalf.acceptance.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import dev.onbehalf.acceptance.clients.KeyPairPem;
import dev.onbehalf.acceptance.clients.NetOAuthClient;
import dev.onbehalf.acceptance.peers.Await;
import dev.onbehalf.acceptance.peers.HudsonServer;
import dev.onbehalf.acceptance.peers.HudsonServer.Security;
import dev.onbehalf.acceptance.peers.IssueServer;
import dev.onbehalf.acceptance.peers.Ports;
import dev.onbehalf.acceptance.peers.Secrets;
import dev.onbehalf.acceptance.peers.ServerProcess;
import dev.onbehalf.acceptance.peers.TokenIssuer;
import dev.onbehalf.acceptance.peers.Workspace;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds of a real CI server comment on an issue as the people who started them, and hold no
 * credential of the issue tracker, which stands behind an Onbehalf of its own.
 */
@Tag("long")
class BuildsActAsPeopleTest {
  private static final String COMMENT = "/rest/api/2/issue/KEY-1/comment";
  private static final Pattern ALLOW = Pattern.compile("Allow it at (\\S+)");
  private static final KeyPairPem PAIR = KeyPairPem.generate();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static HudsonServer hudson;
  private static IssueServer issues;
  private static TokenIssuer issuer;
  private static OnbehalfProcess tracker;
  private static OnbehalfProcess ci;
  private static Path directory;

  @BeforeAll
  static void start() throws Exception {
    directory = Workspace.create("builds");
    hudson = HudsonServer.startGuarded(Security.MATRIX_AND_CRUMBS);
    issues = IssueServer.start();
    issuer = TokenIssuer.start();
    int trackerPort = Ports.free();
    tracker =
        OnbehalfProcess.start(
            trackerPort,
            """
              issues:
                public-url: http://localhost:%d/issues
                upstream: %s
            """
                .formatted(trackerPort, issues.url()));
    ci = startCi();
    for (OnbehalfProcess each : new OnbehalfProcess[] {ci, tracker}) {
      each.addPeople("alice", "bob", "carol", "reader");
    }
    link();
  }

  private static OnbehalfProcess startCi() throws Exception {
    Path builds =
        Files.writeString(
            directory.resolve("builds.yaml"),
            """
            issuers:
              - name: ci
                kind: jenkins
                application: ci
                issuer: %1$s
                keys: %1$s/jwks
                audience: onbehalf
                read-as: reader
            rules:
              - issuer: ci
                jobs: [app, nightly, deploy]
                links: [tracker]
                allow: ["POST /rest/api/2/issue/*/comment"]
            """
                .formatted(issuer.url()));
    int port = Ports.free();
    return OnbehalfProcess.start(
        port,
        Fronts.hudson("ci", "http://localhost:" + port, hudson)
            + """
            links:
              private-networks: [127.0.0.0/8, "::1"]
            outgoing:
              builds-file: %s
              consumers: [script]
            """
                .formatted(builds));
  }

  private static void link() {
    JsonNode keys = JsonMapper.shared().readTree(ci.command("keys", "show", "--json"));
    String key = keys.path("consumerKey").asString();
    tracker.command(
        "consumer",
        "add",
        key,
        "--method",
        "RSA-SHA1",
        "--public-key",
        tracker.file("ci.pem", keys.path("pem").asString()).toString(),
        "--impersonation",
        "true",
        "--callback",
        "http://127.0.0.1/back");
    String url = tracker.at("localhost", "/issues").toString();
    ci.command(
        "link",
        "add",
        url,
        "--name",
        "tracker",
        "--three-legged",
        "false",
        "--impersonation",
        "true",
        "--private-addresses",
        "true");
    ci.command(
        "consumer",
        "add",
        "script",
        "--method",
        "RSA-SHA1",
        "--public-key",
        ci.file("script.pem", PAIR.publicPem()).toString(),
        "--impersonation",
        "true",
        "--callback",
        "http://127.0.0.1:9/callback");
  }

  @AfterAll
  static void stop() {
    ci.close();
    tracker.close();
    issuer.close();
    issues.close();
    hudson.close();
  }

  private static URI relay(String link, String path) {
    return ci.at("localhost", "/-/onbehalf/to/" + link + path);
  }

  private static String token(String job, int number) {
    return issuer.token(ci.at("localhost", "/job/" + job + "/").toString(), number);
  }

  private static HttpResponse<String> comment(String token, String text, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(relay("tracker", COMMENT))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"body\":\"" + text + "\"}"));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String ticket(String token) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(ci.at("localhost", "/-/onbehalf/build/token"))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Secrets.made(
        "build ticket",
        JsonMapper.shared().readTree(answer.body()).path("access_token").asString());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String problem) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"error\":\"" + problem + "\"");
  }

  private static NetOAuthClient script() {
    return new NetOAuthClient(
        new Settings(
            "script",
            Signing.RSA_SHA1,
            PAIR.privatePem(),
            ci.at("localhost", "/plugins/servlet/oauth/request-token"),
            ci.at("localhost", "/plugins/servlet/oauth/authorize"),
            ci.at("localhost", "/plugins/servlet/oauth/access-token"),
            null));
  }

  private static void startAs(String person, String job) {
    Answer started =
        script()
            .callTwoLegged(
                "POST", ci.at("localhost", "/job/" + job + "/build?xoauth_requestor_id=" + person));
    assertThat(started.status()).as(started.body()).isEqualTo(302);
    hudson.awaitRunning(job, 1);
  }

  @Test
  void buildWhenAliceStartedItThenCommentsAsAliceWhileItRuns() throws Exception {
    Path end = directory.resolve("app.end");
    hudson.createJobUntil("app", end);
    hudson.createJobUntil("deploy", end);
    startAs("alice", "app");
    String token = token("app", 1);

    assertThat(comment(token, "once").statusCode()).isEqualTo(201);

    assertThat(issues.comments()).contains("alice: {\"body\":\"once\"}");
    assertRefused(comment(token, "replayed"), 401, "build-token-replayed");
    assertRefused(comment(token("app", 1), "as bob", "X-Onbehalf-As", "bob"), 403, "as-another");
    assertRefused(comment(token("app", 2), "forged number"), 403, "build-unknown");
    assertRefused(comment(token("other", 1), "another job"), 403, "build-not-allowed");
    String forged = issuer.token(ci.at("localhost", "/job/app/").toString(), 1, TokenIssuer.key());
    assertRefused(comment(forged, "forged"), 401, "build-token-invalid");

    String ticket = ticket(token("app", 1));
    assertThat(comment(ticket, "twice").statusCode()).isEqualTo(201);
    assertThat(comment(ticket, "thrice", "X-Onbehalf-As", "alice").statusCode()).isEqualTo(201);
    HttpResponse<String> read =
        HTTP.send(
            HttpRequest.newBuilder(relay("tracker", "/rest/api/2/issue/KEY-1"))
                .header("Authorization", "Bearer " + ticket)
                .build(),
            BodyHandlers.ofString());
    assertRefused(read, 403, "policy");

    hudson.script(
        "def h = hudson.model.Hudson.instance\n"
            + "h.getItem('deploy').scheduleBuild(0, new hudson.model.Cause.UpstreamCause("
            + "h.getItem('app').getBuildByNumber(1)))");
    hudson.awaitRunning("deploy", 1);
    assertThat(comment(token("deploy", 1), "downstream").statusCode()).isEqualTo(201);

    Files.createFile(end);
    hudson.awaitBuild("app", 1);
    assertRefused(comment(ticket, "afterwards"), 403, "build-finished");
    assertRefused(comment(token("app", 1), "afterwards"), 403, "build-finished");
    assertThat(issues.comments().stream().filter(comment -> !comment.startsWith("carol:")))
        .containsExactly(
            "alice: {\"body\":\"once\"}",
            "alice: {\"body\":\"twice\"}",
            "alice: {\"body\":\"thrice\"}",
            "alice: {\"body\":\"downstream\"}");
    for (String told : new String[] {"build ci app #1", "build-token-replayed", "build-finished"}) {
      Await.until(
          "the audit trail tells " + told,
          () -> ci.command("audit", "export").contains(told) ? true : null);
    }
  }

  @Test
  void buildWhenTheTimerStartedItThenCannotActAtAll() throws Exception {
    Path end = directory.resolve("nightly.end");
    hudson.createJobUntil("nightly", end);
    hudson.script(
        "hudson.model.Hudson.instance.getItem('nightly').scheduleBuild(0,"
            + " new hudson.triggers.TimerTrigger.TimerTriggerCause())");
    hudson.awaitRunning("nightly", 1);

    assertRefused(comment(token("nightly", 1), "by night"), 403, "build-nobody");

    Files.createFile(end);
    assertThat(hudson.awaitBuild("nightly", 1).userName()).isNull();
  }

  @Test
  void consumerWhenListedThenActsThroughTheLinkAsWhomItNames() {
    URI url = relay("tracker", "/rest/api/2/myself?xoauth_requestor_id=bob");

    assertThat(script().callTwoLegged("GET", url).body()).isEqualTo("{\"author\":\"bob\"}");
  }

  /** Whether people act through the link by their own tokens, or by impersonation. */
  private static void linkTakesTokens(boolean tokens) {
    ci.command(
        "link",
        "edit",
        "tracker",
        "--three-legged",
        String.valueOf(tokens),
        "--impersonation",
        String.valueOf(!tokens));
  }

  @Test
  void commandsWhenPersonHasATokenThenTheyLogInAndAsk() {
    linkTakesTokens(true);
    try {
      logInAndAsk();
    } finally {
      linkTakesTokens(false);
    }
  }

  @Test
  void loginWhenTheBrowserComesBackThenThePersonActs() {
    linkTakesTokens(true);
    try {
      JsonNode unused = personalToken("bob");
      String file = tokenFile("bob");
      String server = ci.at("localhost", "").toString();
      try (ServerProcess login =
          Command.start(
              directory,
              "login",
              "tracker",
              "--no-browser",
              "--token-file",
              file,
              "--server",
              server)) {
        URI page = URI.create(login.awaitLine(ALLOW).group(1));
        assertThat(new PersonBrowser().allowed(page, "bob").body())
            .contains("Back at the terminal");
        assertThat(login.awaitExit()).as(login.report()).isZero();
      }

      assertThat(
              Command.run(
                      directory,
                      "request",
                      "tracker",
                      "/me",
                      "--token-file",
                      file,
                      "--server",
                      server)
                  .out())
          .isEqualTo("{\"author\":\"bob\"}\n");
    } finally {
      linkTakesTokens(false);
    }
  }

  private static JsonNode personalToken(String person) {
    String made = ci.command("personal-token", "add", person, "--name", "laptop", "--json");
    JsonNode token = JsonMapper.shared().readTree(made);
    String value = Secrets.made("personal token", token.path("value").asString());
    OnbehalfProcess.write(Path.of(tokenFile(person)), value + "\n");
    return token;
  }

  private static String tokenFile(String person) {
    return directory.resolve(person + ".token").toString();
  }

  private static void logInAndAsk() {
    JsonNode token = personalToken("carol");
    String file = tokenFile("carol");
    String server = ci.at("localhost", "").toString();
    String[] ask = {"request", "tracker", "/me", "--token-file", file, "--server", server};
    Command.Result before = Command.run(directory, ask);
    assertThat(before.exit()).isEqualTo(1);
    assertThat(before.err())
        .contains("has not authorised the link 'tracker'", "login-dance/authorize");

    try (ServerProcess login =
        Command.start(
            directory, "login", "tracker", "--code", "--token-file", file, "--server", server)) {
      URI page = URI.create(login.awaitLine(ALLOW).group(1));
      login.type(new PersonBrowser().allow(page, "carol"));
      assertThat(login.awaitExit()).as(login.report()).isZero();
    }

    assertThat(Command.run(directory, ask).out()).isEqualTo("{\"author\":\"carol\"}\n");
    assertThat(
            ci.command(
                "request", "tracker", "POST", COMMENT, "--as", "carol", "--data", "{}", "--json"))
        .contains("\"status\" : 201", "\"author\" : \"carol\"");
    assertThat(ci.command("personal-token", "list")).contains("laptop");
    ci.command("personal-token", "revoke", token.path("id").asString());
    assertThat(Command.run(directory, ask).exit()).isEqualTo(1);
  }
}
