package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.cli.jira.JiraCommand;
import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Arrival;
import dev.onbehalf.delivery.DeliveryReceiver.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class JiraCommandTest {
  private static final List<String> SECRETS =
      List.of(
          DeliveryReceiver.CLIENT_SECRET,
          DeliveryReceiver.SHARED_SECRET,
          DeliveryReceiver.TOKEN_PREFIX,
          "wr0ng-secret");

  private final DeliveryReceiver receiver = DeliveryReceiver.start();
  private final Map<String, String> environment = new HashMap<>();
  @TempDir private Path work;

  private record Ran(int code, String out, String err) {
    JsonNode json() {
      return JsonMapper.shared().readTree(out);
    }
  }

  @BeforeEach
  void makeAJenkinsRun() {
    environment.put("ONBEHALF_JIRA_SITE", receiver.url());
    environment.put("ONBEHALF_JIRA_CLIENT_ID", DeliveryReceiver.CLIENT_ID);
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", DeliveryReceiver.CLIENT_SECRET);
    environment.put("ONBEHALF_SPOOL", work.resolve("spool").toString());
    environment.put("JENKINS_URL", "https://ci.example.com/");
    environment.put("JOB_NAME", "team/app");
    environment.put("JOB_URL", "https://ci.example.com/job/app/");
    environment.put("BUILD_NUMBER", "57");
    environment.put("BUILD_URL", "https://ci.example.com/job/app/57/");
    environment.put("BUILD_DISPLAY_NAME", "#57");
    environment.put("GIT_BRANCH", "origin/feature/ABC-1");
    environment.put("GIT_COMMIT", "0a1b2c3d4e");
    environment.put("GIT_URL", "https://bob:pw@git.example.com/app.git");
  }

  @AfterEach
  void stop() throws IOException {
    receiver.close();
    assertThat(receiver.faults()).isEmpty();
    try (Stream<Path> tree = Files.walk(work)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals("sites.json")) {
          assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
              .doesNotContain(SECRETS);
        }
      }
    }
  }

  private Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new JiraCommand(environment, work))
            .setExecutionExceptionHandler(new Failures())
            .setParameterExceptionHandler(new Failures())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(out + "" + err).doesNotContain(SECRETS);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran runInJenkins(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of(command, "--no-git"));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private ObjectNode arrived() {
    assertThat(receiver.arrivals()).hasSize(1);
    return receiver.arrivals().get(0).entity();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void sendBuildWhenInJenkinsThenEverythingIsDetected() {
    Ran ran = runInJenkins("send-build", "--state", "failed");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("accepted build team/app / 57 for ABC-1");
    ObjectNode build = arrived();
    assertThat(build.remove("updateSequenceNumber").asLong()).isGreaterThan(1_700_000_000_000L);
    assertThat(build.remove("lastUpdated").asString()).endsWith("Z");
    assertThat(build)
        .isEqualTo(
            json(
                """
                {'schemaVersion':'1.0','pipelineId':'team/app','buildNumber':57,
                 'displayName':'team/app #57','label':'#57',
                 'url':'https://ci.example.com/job/app/57/','state':'failed','issueKeys':['ABC-1'],
                 'references':[{'commit':{'id':'0a1b2c3d4e',
                   'repositoryUri':'https://git.example.com/app'}}]}
                """));
  }

  @Test
  void sendBuildWhenEverythingIsGivenThenTheCiIsOverruled() throws IOException {
    Files.writeString(
        work.resolve("TEST-a.xml"),
        "<testsuite><testcase/><testcase><failure/></testcase></testsuite>");
    Ran ran =
        runInJenkins(
            "send-build",
            "--state=successful",
            "--pipeline-id=p",
            "--pipeline-name=Pipe",
            "--build-number=3",
            "--url=https://other.example.com/3",
            "--display-name=Third",
            "--label=v3",
            "--description=all is well",
            "--issue-key=DEF-4,GHI-5",
            "--commit=feedbeef",
            "--repository-url=https://git.example.com/other.git",
            "--junit=TEST-*.xml",
            "--property=serverId=ci-1");
    assertThat(ran.code()).isZero();
    ObjectNode build = arrived();
    build.remove(List.of("updateSequenceNumber", "lastUpdated"));
    assertThat(build)
        .isEqualTo(
            json(
                """
                {'schemaVersion':'1.0','pipelineId':'p','buildNumber':3,'displayName':'Third',
                 'label':'v3','description':'all is well','url':'https://other.example.com/3',
                 'state':'successful','issueKeys':['DEF-4','GHI-5'],
                 'testInfo':{'totalNumber':2,'numberPassed':1,'numberFailed':1,'numberSkipped':0},
                 'references':[{'commit':{'id':'feedbeef',
                   'repositoryUri':'https://git.example.com/other'}}]}
                """));
    assertThat(receiver.requests("/bulk").get(0).body())
        .contains("\"properties\":{\"serverId\":\"ci-1\"}");
  }

  @Test
  void sendBuildWhenDryRunThenPrintsWhatIsSentAndSendsNothing() {
    Ran dry = runInJenkins("send-build", "--state=failed", "--dry-run");
    assertThat(receiver.requests()).isEmpty();
    runInJenkins("send-build", "--state=failed");
    JsonNode sent = json(receiver.requests("/bulk").get(0).body());
    JsonNode printed = dry.json();
    for (JsonNode body : List.of(sent, printed)) {
      ((ObjectNode) body.path("builds").path(0))
          .remove(List.of("updateSequenceNumber", "lastUpdated"));
    }
    assertThat(printed).isEqualTo(sent);
  }

  @Test
  void sendBuildWhenJsonIsAskedThenKeysAndResultPerSite() {
    Ran ran = runInJenkins("send-build", "--state=failed", "--json", "--branch=ABC-1 NOPE-2 UTF-8");
    assertThat(ran.code()).isZero();
    JsonNode json = ran.json();
    assertThat(json.path("issueKeys")).isEqualTo(json("['ABC-1','NOPE-2']"));
    assertThat(json.path("ignored")).isEqualTo(json("['UTF-8']"));
    assertThat(json.path("found").path(0).path("source").asString()).isEqualTo("branch");
    JsonNode site = json.path("sites").path(0);
    assertThat(site.path("outcome").asString()).isEqualTo("accepted_in_part");
    assertThat(site.path("accepted")).isEqualTo(json("['build team/app / 57']"));
    assertThat(site.path("unknownIssueKeys")).isEqualTo(json("['NOPE-2']"));
  }

  @Test
  void sendBuildWhenAllIsRejectedThenFailsWithJirasReason() {
    Ran ran = runInJenkins("send-build", "--state=failed", "--branch=NOPE-2");
    assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).contains("rejected").contains("No valid issues found for build");
    assertThat(ran.err()).contains("unknown issue keys NOPE-2");
  }

  @ParameterizedTest
  @CsvSource({"ABC-1 NOPE-2, 0, 1", "no key, 0, 1", "ABC-1, 0, 0"})
  void sendBuildWhenStrictThenPartIsNotEnough(String branch, int code, int strictCode) {
    assertThat(runInJenkins("send-build", "--state=failed", "--branch", branch).code())
        .isEqualTo(code);
    assertThat(runInJenkins("send-build", "--state=failed", "--strict", "--branch", branch).code())
        .isEqualTo(strictCode);
  }

  @Test
  void sendBuildWhenSiteIsDownThenKeptAndFlushedInOrder() {
    receiver.down();
    for (String number : List.of("1", "2", "3")) {
      Ran ran =
          runInJenkins("send-build", "--state=failed", "--build-number", number, "--patience=0");
      assertThat(ran.code()).isZero();
      assertThat(ran.err()).contains("kept for later");
    }
    Ran strict = runInJenkins("send-build", "--state=failed", "--strict", "--patience=0");
    assertThat(strict.code()).isEqualTo(ExitCode.FAILED);
    Ran early = run("flush", "--patience=0", "--json");
    assertThat(early.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(early.json().path("sites").path(0).path("kept").asInt()).isEqualTo(4);
    receiver.up();
    Ran flushed = run("flush");
    assertThat(flushed.code()).isZero();
    assertThat(flushed.out()).contains("4 sent, 0 still kept");
    assertThat(receiver.arrivals())
        .extracting(arrival -> arrival.identity().get(1))
        .containsExactly("1", "2", "3", "57");
    assertThat(receiver.arrivals()).allMatch(Arrival::stored);
  }

  @Test
  void sendBuildWhenSiteIsDownAndNothingMayBeKeptThenUnreachable() {
    receiver.down();
    Ran ran = runInJenkins("send-build", "--state=failed", "--no-spool", "--patience=0");
    assertThat(ran.code()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err()).contains("NOT sent and not kept");
  }

  @Test
  void sendBuildWhenCredentialIsWrongThenConfiguration() {
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", "wr0ng-secret");
    Ran ran = runInJenkins("send-build", "--state=failed");
    assertThat(ran.code()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(ran.err()).contains("check the client id and secret");
  }

  @Test
  void sendBuildWhenSecretIsInAFileThenRead() throws IOException {
    environment.remove("ONBEHALF_JIRA_CLIENT_SECRET");
    Path secret = work.resolve("sites.json");
    Files.writeString(secret, DeliveryReceiver.CLIENT_SECRET + "\n");
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET_FILE", secret.toString());
    assertThat(runInJenkins("send-build", "--state=failed").out()).contains("accepted");
  }

  @Test
  void sendBuildWhenSeveralSitesThenEachIsToldOrOneChosen() throws IOException {
    try (DeliveryReceiver other = DeliveryReceiver.start()) {
      Path sites = work.resolve("sites.json");
      Files.writeString(
          sites,
          """
          {"sites":[
           {"site":"one.atlassian.net","clientId":"client-7","clientSecretEnv":"ONE",
            "siteUrl":"%1$s","apiUrl":"%1$s"},
           {"site":"relay.example.com","webhookUrl":"%2$s/relay?jenkins_server_uuid=1",
            "webhookSecret":"%3$s"}]}
          """
              .formatted(receiver.url(), other.url(), DeliveryReceiver.SHARED_SECRET));
      environment.put("ONE", DeliveryReceiver.CLIENT_SECRET);
      Ran both = runInJenkins("send-build", "--state=failed", "--sites-file=sites.json");
      assertThat(both.code()).isZero();
      assertThat(both.out()).contains("one.atlassian.net: accepted", "relay.example.com: accepted");
      environment.put("ONBEHALF_JIRA_SITES_FILE", sites.toString());
      runInJenkins("send-build", "--state=failed", "--site=relay.example.com");
      assertThat(receiver.arrivals()).hasSize(1);
      assertThat(other.arrivals()).hasSize(2);
      Ran unknown = runInJenkins("send-build", "--state=failed", "--site=two.atlassian.net");
      assertThat(unknown.code()).isEqualTo(ExitCode.CONFIGURATION);
      assertThat(unknown.err()).contains("lists no site 'two.atlassian.net'");
      other.plan(Reply.of(403));
      Ran half = runInJenkins("send-build", "--state=failed", "--no-spool");
      assertThat(half.code()).isEqualTo(ExitCode.CONFIGURATION);
      assertThat(half.out()).contains("one.atlassian.net: accepted");
      assertThat(other.faults()).isEmpty();
    }
  }

  @Test
  void sendDeploymentWhenInJenkinsThenTypeIsNotGuessed() {
    Ran ran =
        runInJenkins(
            "send-deployment",
            "--environment-id=eu-prod",
            "--state=successful",
            "--service-id=svc/1,svc/2",
            "--enable-gating");
    assertThat(ran.code()).isZero();
    ObjectNode deployment = arrived();
    deployment.remove(List.of("updateSequenceNumber", "lastUpdated"));
    assertThat(deployment)
        .isEqualTo(
            json(
                """
                {'schemaVersion':'1.0','deploymentSequenceNumber':57,
                 'displayName':'team/app #57 to eu-prod','description':'team/app #57 to eu-prod',
                 'label':'#57','url':'https://ci.example.com/job/app/57/','state':'successful',
                 'pipeline':{'id':'team/app','displayName':'team/app',
                  'url':'https://ci.example.com/job/app/'},
                 'environment':{'id':'eu-prod','displayName':'eu-prod','type':'unmapped'},
                 'associations':[{'associationType':'issueIdOrKeys','values':['ABC-1']},
                  {'associationType':'serviceIdOrKeys','values':['svc/1','svc/2']}],
                 'commands':[{'command':'initiate_deployment_gating'}]}
                """));
  }

  @Test
  void sendDeploymentWhenEverythingIsGivenThenSent() {
    Ran ran =
        runInJenkins(
            "send-deployment",
            "--environment-id=e1",
            "--environment-name=First",
            "--environment-type=production",
            "--deployment-number=9",
            "--state=rolled_back",
            "--pipeline-url=https://ci.example.com/p",
            "--description=back to 4.1",
            "--issue-key=DEF-4");
    assertThat(ran.code()).isZero();
    ObjectNode deployment = arrived();
    assertThat(deployment.path("environment"))
        .isEqualTo(json("{'id':'e1','displayName':'First','type':'production'}"));
    assertThat(deployment.path("deploymentSequenceNumber").asLong()).isEqualTo(9);
    assertThat(deployment.path("state").asString()).isEqualTo("rolled_back");
    assertThat(deployment.path("description").asString()).isEqualTo("back to 4.1");
    assertThat(deployment.path("pipeline").path("url").asString())
        .isEqualTo("https://ci.example.com/p");
  }

  @ParameterizedTest
  @CsvSource({
    "allowed, 0",
    "awaiting, 10",
    "prevented, 11",
    "expired, 11",
    "invalid, 1",
    "surprising, 1",
    ", 5"
  })
  void checkGateWhenAskedThenExitCodeTells(String status, int code) {
    if (status != null) {
      receiver.gate("team/app", "eu-prod", 57, status);
    }
    Ran ran = run("check-gate", "--environment-id=eu-prod", "--json");
    assertThat(ran.code()).isEqualTo(code);
    if (code != 5 && !"surprising".equals(status)) {
      assertThat(ran.json().path("gatingStatus").asString()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--dry-run",
        "--label=x",
        "--description=x",
        "--display-name=x",
        "--pipeline-name=x",
        "--url=https://ci.example.com/1",
        "--property=a=b",
        "--strict",
        "--spool=x",
        "--no-spool",
        "--issue-key=ABC-1"
      })
  void checkGateWhenOptionDoesNotApplyThenUsage(String option) {
    receiver.gate("team/app", "eu-prod", 57, "allowed");
    Ran ran = run("check-gate", "--environment-id=eu-prod", option);
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).startsWith("onbehalf: Unknown option: '" + option + "'");
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void checkGateWhenRunIsNamedThenAskedForIt() {
    receiver.gate("other", "eu-prod", 3, "awaiting");
    assertThat(
            run("check-gate", "--environment-id=eu-prod", "--pipeline-id=other", "--build-number=3")
                .code())
        .isEqualTo(10);
  }

  @Test
  void sendRemoteLinkWhenTestResultThenSent() {
    Ran ran =
        runInJenkins(
            "send-remote-link",
            "--id=app-coverage",
            "--title=Coverage",
            "--url=https://ci.example.com/coverage",
            "--type=coverage",
            "--status=success",
            "--status-label=81 %");
    assertThat(ran.code()).isZero();
    ObjectNode link = arrived();
    assertThat(link.path("type").asString()).isEqualTo("coverage");
    assertThat(link.path("status")).isEqualTo(json("{'appearance':'success','label':'81 %'}"));
    assertThat(receiver.requests("/bulk").get(0).path())
        .isEqualTo("/-/onbehalf/delivery/jira/remotelinks/1.0/cloud/cloud-1/bulk");
  }

  @Test
  void keysWhenAskedThenEachAndWhereAndNothingIsSent() {
    environment.put("CHANGE_TITLE", "abc-9 and DEF-2");
    Ran ran = runInJenkins("keys");
    assertThat(ran.out().lines())
        .containsExactly("ABC-1\tbranch\tfeature/ABC-1", "DEF-2\tpull-request-title\tpull request");
    assertThat(runInJenkins("keys", "--lower-case", "--project=ABC").out().lines())
        .containsExactly("ABC-1\tbranch\tfeature/ABC-1", "ABC-9\tpull-request-title\tpull request");
    assertThat(runInJenkins("keys", "--sources=commit", "--strict").code())
        .isEqualTo(ExitCode.FAILED);
    assertThat(receiver.requests()).isEmpty();
  }

  @Test
  void testWhenCredentialIsRightThenSaysWhatPassed() {
    Ran ran = run("test");
    assertThat(ran.out()).contains(": ok site:", ": ok credential:", ": ok builds:");
    assertThat(ran.code()).isZero();
    environment.put("ONBEHALF_JIRA_CLIENT_SECRET", "wr0ng-secret");
    Ran wrong = run("test", "--json");
    assertThat(wrong.code()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(wrong.out()).contains("\"passed\" : false");
  }

  @Test
  void commandWhenFactIsMissingThenNamesTheOption() {
    environment.remove("BUILD_NUMBER");
    Ran ran = runInJenkins("send-build", "--state=failed");
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err())
        .isEqualTo(
            "onbehalf: --build-number is missing and the CI (Jenkins) does not tell it; give it."
                + System.lineSeparator());
  }

  @Test
  void commandWhenNoSiteIsConfiguredThenSaysWhatToSet() {
    environment.remove("ONBEHALF_JIRA_SITE");
    Ran ran = runInJenkins("send-build", "--state=failed");
    assertThat(ran.code()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(ran.err()).contains("ONBEHALF_JIRA_SITES_FILE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--client-secret=x",
        "--token=x",
        "--state=done",
        "--issue-key=nokey",
        "--sources=comments",
        "--max-keys=0",
        "--url=ftp://x",
        "--proxy=socks://x"
      })
  void sendBuildWhenOptionIsWrongThenUsage(String option) {
    Ran ran =
        runInJenkins("send-build", option.startsWith("--state") ? "-q" : "--state=failed", option);
    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(receiver.requests()).isEmpty();
  }
}
