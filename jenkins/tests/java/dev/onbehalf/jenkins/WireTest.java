package dev.onbehalf.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.DeliveryReceiver;
import dev.onbehalf.delivery.DeliveryReceiver.Arrival;
import dev.onbehalf.jenkins.PipelineBuild.Credential;
import dev.onbehalf.jenkins.PipelineBuild.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The steps with the command they start: what a pipeline is told is what the receiver was sent,
 * which holds every request against the schemas of the API.
 */
@Tag("long")
class WireTest {
  private static final String LIBRARY = "@Library('onbehalf') _\n";
  private static final String BUILD = "build team/app / 57";
  private static final String DEPLOYMENT = "deployment team/app / eu-prod / 57";
  private static final String TARGET = "environmentId: 'eu-prod', environmentName: 'EU production'";

  private final DeliveryReceiver receiver = DeliveryReceiver.start();
  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private PipelineBuild build;

  @SuppressWarnings("NullAway.Init")
  private RealAgent agent;

  @BeforeEach
  void prepare() throws Exception {
    build = new PipelineBuild(Mode.CPS, directory);
    agent = new RealAgent(directory);
    build.agent = agent;
    build.env.putAll(
        Map.of(
            "JENKINS_URL", "https://ci.example.com/",
            "JOB_NAME", "team/app",
            "JOB_URL", "https://ci.example.com/job/app/",
            "BUILD_NUMBER", "57",
            "BUILD_URL", "https://ci.example.com/job/app/57/",
            "BRANCH_NAME", "feature/ABC-1-green"));
    build.env.put("ONBEHALF_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
    build.env.put("ONBEHALF_JAR", jar().toString());
    build.env.put("ONBEHALF_SPOOL", directory.resolve("spool").toString());
    build.env.put("ONBEHALF_SITES", receiver.url() + "=jira");
    build.credentials.put(
        "jira", new Credential(DeliveryReceiver.CLIENT_ID, DeliveryReceiver.CLIENT_SECRET));
    build.credentials.put("hook", new Credential(null, DeliveryReceiver.SHARED_SECRET));
  }

  @AfterEach
  void verify() {
    receiver.close();
    assertThat(receiver.faults()).isEmpty();
    assertThat(agent.console() + build.log)
        .doesNotContain(DeliveryReceiver.CLIENT_SECRET)
        .doesNotContain(DeliveryReceiver.SHARED_SECRET)
        .doesNotContain(DeliveryReceiver.TOKEN_PREFIX);
  }

  private static Path jar() {
    Path jar = Path.of(System.getProperty("onbehalf.jar", "../cli/target/onbehalf.jar"));
    assertThat(jar).as("package the module cli first").isRegularFile();
    return jar.toAbsolutePath().normalize();
  }

  @Test
  void jiraSendBuildInfoWhenInPostOfFailedBuildThenFailureArrives() {
    String pipeline =
        """
        pipeline {
          agent any
          stages { stage('Build') { steps { error 'no compiler' } } }
          post { always { script { env.SENT = jiraSendBuildInfo().toString() } } }
        }
        """;

    assertThatThrownBy(() -> build.run(LIBRARY + pipeline)).hasMessage("no compiler");

    assertThat(build.env.get("SENT"))
        .as(agent.console())
        .contains("ok:true", "state:failed", "keys:[ABC-1]", "accepted:[" + BUILD + "]");
    JsonNode sent = arrived();
    assertThat(sent.path("state").asString()).isEqualTo("failed");
    assertThat(sent.path("issueKeys").toString()).isEqualTo("[\"ABC-1\"]");
    assertThat(sent.path("url").asString()).isEqualTo("https://ci.example.com/job/app/57/");
  }

  @Test
  void jiraSendBuildInfoWhenEveryKeyIsUnknownThenRejectedWithTheReason() throws Throwable {
    Map<String, Object> result = call("jiraSendBuildInfo(issueKeys: ['NOPE-1'])");

    assertThat(result)
        .containsEntry("ok", false)
        .containsEntry("keys", List.of("NOPE-1"))
        .containsEntry("accepted", List.of())
        .containsEntry(
            "rejected", List.of(BUILD + ": No valid issues found for build (trace trace-9)"))
        .containsEntry("unknown", List.of("NOPE-1"));
    assertThat(result.get("problem")).asString().contains("No valid issues found for build");
    assertThat(receiver.arrivals()).isEmpty();
    assertThat(receiver.requests("/bulk")).hasSize(1);
    assertThatThrownBy(() -> call("jiraSendBuildInfo(issueKeys: ['NOPE-1'], strict: true)"))
        .hasMessageContaining("strict is set");
  }

  @Test
  void jiraSendBuildInfoWhenOneKeyIsUnknownThenBothAreTold() throws Throwable {
    Map<String, Object> result = call("jiraSendBuildInfo(issueKeys: ['ABC-7', 'NOPE-2'])");

    assertThat(result)
        .containsEntry("ok", true)
        .containsEntry("keys", List.of("ABC-7", "NOPE-2"))
        .containsEntry("accepted", List.of(BUILD))
        .containsEntry("rejected", List.of())
        .containsEntry("unknown", List.of("NOPE-2"));
    assertThat(arrived().path("issueKeys").toString()).isEqualTo("[\"ABC-7\",\"NOPE-2\"]");
    assertThat(build.log).last().asString().contains("unknown to Jira: NOPE-2");
  }

  @Test
  void jiraSendBuildInfoWhenNoKeyIsFoundThenNothingIsSent() throws Throwable {
    build.env.put("BRANCH_NAME", "main");

    assertThat(call("jiraSendBuildInfo()"))
        .containsEntry("ok", true)
        .containsEntry("keys", List.of())
        .containsEntry("accepted", List.of());
    assertThat(receiver.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jiraSendBuildInfoWhenTextsAreOddThenTheyArriveUnchanged(boolean unix) throws Throwable {
    build.unix = unix;
    Files.createDirectories(build.workspace.resolve("reports"));
    Files.writeString(
        build.workspace.resolve("reports/TEST-a.xml"),
        "<testsuite><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>");

    Map<String, Object> result =
        call(
            "jiraSendBuildInfo(junit: 'reports/*.xml', label: '@größe #1',"
                + " description: 'says \"no\" \\\\ $(id) `id` %PATH% 漢')");

    assertThat(result).as(agent.console()).containsEntry("accepted", List.of(BUILD));
    JsonNode sent = arrived();
    assertThat(sent.path("label").asString()).isEqualTo("@größe #1");
    assertThat(sent.path("description").asString()).isEqualTo("says \"no\" \\ $(id) `id` %PATH% 漢");
    assertThat(sent.path("testInfo").path("numberFailed").asInt()).isEqualTo(1);
    assertThat(build.invocations.get(0).shell()).isEqualTo(unix ? "sh" : "bat");
  }

  @Test
  void jiraSendBuildInfoWhenTwoWaysToJiraThenEachIsTaken() throws Throwable {
    build.env.put(
        "ONBEHALF_SITES",
        receiver.url()
            + "=jira relay.example.com=hook,"
            + receiver.url()
            + "/relay?jenkins_server_uuid=1");

    Map<String, Object> result = call("jiraSendBuildInfo()");

    assertThat(result).as(agent.console()).containsEntry("ok", true);
    assertThat(StepsTest.map(result.get("sites")))
        .containsOnlyKeys(receiver.url(), "relay.example.com");
    assertThat(receiver.arrivals()).hasSize(2);
    assertThat(receiver.requests("/relay")).hasSize(1);
  }

  @Test
  void jiraSendBuildInfoWhenCredentialIsWrongThenReportIsKeptAndGoesFirstLater() throws Throwable {
    build.credentials.put("jira", new Credential(DeliveryReceiver.CLIENT_ID, "wr0ng"));
    Map<String, Object> kept = call("jiraSendBuildInfo()");

    assertThat(kept).containsEntry("ok", false).containsEntry("accepted", List.of());
    assertThat(kept.get("problem")).asString().contains("kept to be sent later");
    assertThat(receiver.arrivals()).isEmpty();

    build.credentials.put(
        "jira", new Credential(DeliveryReceiver.CLIENT_ID, DeliveryReceiver.CLIENT_SECRET));
    build.env.put("BUILD_NUMBER", "58");
    assertThat(call("jiraSendBuildInfo()"))
        .as(agent.console())
        .containsEntry("ok", true)
        .containsEntry("accepted", List.of("build team/app / 58"));
    assertThat(receiver.arrivals())
        .extracting(arrival -> arrival.identity().get(1))
        .containsExactly("57", "58");
  }

  @Test
  void jiraSendBuildInfoWhenCommandIsOnThePathThenNoJarIsNeeded() throws Throwable {
    Path command =
        Files.writeString(
            directory.resolve("onbehalf"),
            "#!/bin/sh\nexec \"%s\" -jar \"%s\" \"$@\"\n"
                .formatted(build.env.get("ONBEHALF_JAVA"), jar()));
    assertThat(command.toFile().setExecutable(true)).isTrue();
    build.env.remove("ONBEHALF_JAR");
    build.env.put("PATH", directory + ":" + System.getenv("PATH"));

    assertThat(call("jiraSendBuildInfo()"))
        .as(agent.console())
        .containsEntry("accepted", List.of(BUILD));
    assertThat(receiver.arrivals()).hasSize(1);
  }

  @Test
  void jiraSendDeploymentInfoWhenGatedThenGateWaitsForJira() throws Throwable {
    Map<String, Object> result =
        call(
            "jiraSendDeploymentInfo("
                + TARGET
                + ", environmentType: 'production', serviceIds: ['b:svc/1'],"
                + " state: 'in_progress', enableGating: true)");

    assertThat(result)
        .as(agent.console())
        .containsEntry("ok", true)
        .containsEntry("state", "in_progress")
        .containsEntry("keys", List.of("ABC-1"))
        .containsEntry("accepted", List.of(DEPLOYMENT));
    JsonNode sent = arrived();
    assertThat(sent.path("environment").path("type").asString()).isEqualTo("production");
    assertThat(sent.path("associations").toString()).contains("ABC-1", "b:svc/1");
    assertThat(sent.path("commands").toString()).contains("initiate_deployment_gating");

    receiver.gate("team/app", "eu-prod", 57, "awaiting");
    assertThat(gate()).as(agent.console()).isEqualTo(false);
    receiver.gate("team/app", "eu-prod", 57, "allowed");
    assertThat(gate()).as(agent.console()).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource({
    "prevented, ABORTED, was prevented in Jira: ABC-1.",
    "expired, ABORTED, was not decided in Jira before its gate expired: ABC-1.",
    "invalid, FAILURE, its gate could not be read",
    "'', FAILURE, its gate could not be read"
  })
  void checkGatingStatusWhenJiraSaysNoThenBuildStops(String status, String outcome, String reason) {
    if (!status.isEmpty()) {
      receiver.gate("team/app", "eu-prod", 57, status);
    }

    assertThatThrownBy(this::gate).hasMessageContaining(reason);
    assertThat(build.currentBuild.getResult()).isEqualTo(outcome);
    assertThat(receiver.requests("/gating-status")).hasSize(status.isEmpty() ? 3 : 1);
  }

  @Test
  void jiraTrackWhenBodyFailsThenStartAndFailureArriveInOrder() {
    assertThatThrownBy(() -> build.run(LIBRARY + "jiraTrack { error('no such target') }"))
        .hasMessage("no such target");

    assertThat(receiver.arrivals()).as(agent.console()).allMatch(Arrival::stored);
    assertThat(states()).containsExactly("in_progress", "failed");
  }

  @Test
  void jiraTrackWhenDeploymentSucceedsThenValueComesBackAndSuccessArrives() throws Throwable {
    Object value = build.run(LIBRARY + "return jiraTrack(" + TARGET + ") { 6 * 7 }");

    assertThat(value).isEqualTo(42);
    assertThat(receiver.arrivals()).as(agent.console()).allMatch(Arrival::stored);
    assertThat(states()).containsExactly("in_progress", "successful");
    assertThat(build.log).last().asString().contains("keys found: ABC-1; accepted: 1");
  }

  private Map<String, Object> call(String step) throws Throwable {
    return StepsTest.map(build.run(LIBRARY + "return " + step));
  }

  private Object gate() throws Throwable {
    return String.valueOf(build.run(LIBRARY + "return checkGatingStatus(environmentId: 'eu-prod')"))
        .equals("true");
  }

  private List<String> states() {
    return receiver.arrivals().stream()
        .map(arrival -> arrival.entity().path("state").asString())
        .toList();
  }

  private JsonNode arrived() {
    assertThat(receiver.arrivals()).as(agent.console()).hasSize(1);
    return receiver.arrivals().get(0).entity();
  }
}
