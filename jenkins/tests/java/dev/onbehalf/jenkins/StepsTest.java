package dev.onbehalf.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.jenkins.PipelineBuild.Credential;
import dev.onbehalf.jenkins.PipelineBuild.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StepsTest {
  private static final String DEPLOYMENT =
      "environmentId: 'eu-prod', environmentName: 'EU production'";

  /** What the command prints of a build that was taken. */
  private static final String ACCEPTED =
      """
      {"issueKeys": ["ABC-1"],
       "sites": [{"outcome": "accepted", "accepted": ["57"], "rejected": [],
                  "unknownIssueKeys": [], "unknownAssociations": []}]}
      """;

  private static final Map<Mode, PipelineBuild> COMPILED = new EnumMap<>(Mode.class);

  @TempDir static Path shared;
  @TempDir Path directory;

  static Stream<Arguments> parameters() {
    return inBothModes(
        Stream.of(
            arguments("jiraSendBuildInfo()", "state", "successful"),
            arguments("jiraSendBuildInfo(branch: 'feature/ABC-1')", "branch", "feature/ABC-1"),
            arguments(
                "jiraSendBuildInfo(issueKeys: ['ABC-1', 'ABC-2'])", "issue-key", "ABC-1", "ABC-2"),
            arguments(
                "jiraSendBuildInfo(issueKeys: 'ABC-1, ABC-2')", "issue-key", "ABC-1", "ABC-2"),
            arguments("jiraSendBuildInfo(state: 'in_progress')", "state", "in_progress"),
            arguments("jiraSendBuildInfo(state: 'UNSTABLE')", "state", "failed"),
            arguments(
                "jiraSendBuildInfo(description: 'says \"no\" \\\\ #1')",
                "description",
                "says \"no\" \\ #1"),
            arguments("jiraSendBuildInfo(description: 'two\\nlines')", "description", "two\nlines"),
            arguments(
                "jiraSendBuildInfo(description: '@größe $(id) %PATH% 漢')",
                "description", "@größe $(id) %PATH% 漢"),
            arguments("jiraSendBuildInfo(label: \"#${40 + 2}\")", "label", "#42"),
            arguments("jiraSendBuildInfo(junit: '**/TEST-*.xml')", "junit", "**/TEST-*.xml"),
            arguments("jiraSendDeploymentInfo(" + DEPLOYMENT + ")", "environment-id", "eu-prod"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ")", "environment-name", "EU production"),
            arguments("jiraSendDeploymentInfo(" + DEPLOYMENT + ")", "environment-type", "unmapped"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", environmentType: 'production')",
                "environment-type",
                "production"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", serviceIds: ['b:x/1', 'b:x/2'])",
                "service-id",
                "b:x/1",
                "b:x/2"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", issueKeys: ['ABC-1'])",
                "issue-key",
                "ABC-1"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", branch: 'release/ABC-1')",
                "branch",
                "release/ABC-1"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", state: 'rolled_back')",
                "state",
                "rolled_back"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", state: 'UNSTABLE')",
                "state",
                "unknown"),
            arguments("jiraSendDeploymentInfo(" + DEPLOYMENT + ", label: '4.2')", "label", "4.2"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", description: 'Release')",
                "description",
                "Release"),
            arguments("checkGatingStatus(environmentId: 'eu-prod')", "environment-id", "eu-prod")));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void stepWhenParameterGivenThenOptionCarriesIt(
      Mode mode, String call, String option, List<String> values) throws Throwable {
    PipelineBuild build = compiled(mode);

    build.run("@Library('onbehalf') _\n" + call);

    assertThat(build.invocations).as(build.log.toString()).hasSize(1);
    assertThat(build.invocations.get(0).option(option)).isEqualTo(values);
  }

  static Stream<Arguments> mistakes() {
    return inBothModes(
        Stream.of(
            arguments("jiraSendBuildInfo(stat: 'failed')", "there is no parameter 'stat'"),
            arguments("jiraSendBuildInfo(state: 'done')", "state 'done' is not one of pending"),
            arguments(
                "jiraSendBuildInfo(state: 'rolled_back')", "state 'rolled_back' is not one of"),
            arguments(
                "jiraSendBuildInfo(site: 'other.atlassian.net')",
                "is not in ONBEHALF_SITES (configured: acme.atlassian.net)"),
            arguments(
                "jiraSendBuildInfo(credentialsId: 'gone')",
                "Could not find credentials entry with ID 'gone'"),
            arguments(
                "jiraSendDeploymentInfo(environmentName: 'x')",
                "the parameter environmentId is missing"),
            arguments(
                "jiraSendDeploymentInfo(environmentId: 'x', environmentName: ' ')",
                "the parameter environmentName is missing"),
            arguments(
                "jiraSendDeploymentInfo(" + DEPLOYMENT + ", environmentType: 'prod')",
                "environmentType 'prod' is not one of unmapped")));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void stepWhenUsedWronglyThenLogNamesTheMistakeAndTheBuildGoesOn(
      Mode mode, String call, String option, List<String> ignored) throws Throwable {
    PipelineBuild build = compiled(mode);

    Object result = build.run("@Library('onbehalf') _\nreturn " + call);

    assertThat(build.invocations).isEmpty();
    assertThat(build.log).singleElement().asString().contains(option);
    assertThat(map(result)).containsEntry("ok", false);
    assertThat(build.currentBuild.getCurrentResult()).isEqualTo("SUCCESS");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void stepWhenUsedWronglyAndStrictThenBuildFails(
      Mode mode, String call, String problem, List<String> ignored) throws Exception {
    PipelineBuild build = compiled(mode);
    build.env.put("ONBEHALF_STRICT", "true");

    assertThatThrownBy(() -> build.run("@Library('onbehalf') _\n" + call))
        .hasMessageContaining("strict is set")
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @EnumSource
  void jiraSendBuildInfoWhenSeveralSitesThenEachIsTold(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);
    twoSites(build);
    build.agent =
        invocation ->
            "acme.atlassian.net".equals(invocation.env().get("ONBEHALF_JIRA_SITE"))
                ? answer(invocation, 0, ACCEPTED)
                : answer(
                    invocation,
                    1,
                    """
                    {"issueKeys": ["ABC-1", "X-9"],
                     "sites": [{"outcome": "rejected", "accepted": [], "unknownIssueKeys": ["X-9"],
                                "rejected": [{"report": "57", "reasons": ["'url' is required"]}],
                                "unknownAssociations": []}]}
                    """);

    Object result = build.run("@Library('onbehalf') _\nreturn jiraSendBuildInfo()");

    assertThat(build.invocations).hasSize(2);
    assertThat(map(result))
        .containsEntry("ok", false)
        .containsEntry("keys", List.of("ABC-1", "X-9"))
        .containsEntry("accepted", List.of("57"))
        .containsEntry("rejected", List.of("57: 'url' is required"))
        .containsEntry("unknown", List.of("X-9"));
    assertThat(map(map(result).get("sites")))
        .containsOnlyKeys("acme.atlassian.net", "relay.atlassian.net");
    assertThat(build.log)
        .last()
        .asString()
        .contains("'url' is required")
        .contains("unknown to Jira: X-9");
    assertThat(build.invocations.get(1).env())
        .containsEntry("ONBEHALF_JIRA_WEBHOOK_SECRET", "shared")
        .containsEntry("ONBEHALF_JIRA_WEBHOOK_URL", "https://hook.example/x?jenkins_server_uuid=1")
        .doesNotContainKey("ONBEHALF_JIRA_CLIENT_SECRET");
  }

  @ParameterizedTest
  @EnumSource
  void jiraSendDeploymentInfoWhenGatingThenOneSiteIsNeeded(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);
    build.run(
        "@Library('onbehalf') _\njiraSendDeploymentInfo(" + DEPLOYMENT + ", enableGating: true)");
    assertThat(build.invocations).singleElement().matches(i -> i.flag("enable-gating"));

    twoSites(build);
    build.run(
        "@Library('onbehalf') _\njiraSendDeploymentInfo(" + DEPLOYMENT + ", enableGating: true)");
    assertThat(build.invocations).hasSize(1);
    assertThat(build.log).last().asString().contains("enableGating needs one site");
  }

  @ParameterizedTest
  @EnumSource
  void stepWhenItRunsThenSecretIsInTheEnvironmentAlone(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);

    build.run("@Library('onbehalf') _\njiraSendBuildInfo()");

    Invocation sent = build.invocations.get(0);
    assertThat(sent.env())
        .containsEntry("ONBEHALF_JIRA_CLIENT_ID", "client")
        .containsEntry("ONBEHALF_JIRA_CLIENT_SECRET", "s3cret");
    assertThat(sent.line() + sent.words() + sent.options() + build.log).doesNotContain("s3cret");
    assertThat(build.env).doesNotContainKey("ONBEHALF_JIRA_CLIENT_SECRET");
    assertThat(Path.of(sent.env().get("ONBEHALF_ARGUMENTS"))).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void stepWhenAgentIsWindowsThenBatStartsTheJar(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);
    build.unix = false;
    build.env.put("ONBEHALF_JAR", "C:\\Program Files\\onbehalf\\onbehalf.jar");

    build.run("@Library('onbehalf') _\njiraSendBuildInfo(branch: 'x%PATH%&calc')");

    Invocation sent = build.invocations.get(0);
    assertThat(sent.shell()).isEqualTo("bat");
    assertThat(sent.line()).contains("-jar \"%ONBEHALF_JAR%\"").doesNotContain("calc");
    assertThat(sent.option("branch")).containsExactly("x%PATH%&calc");
    assertThat(sent.env()).containsEntry("ONBEHALF_JAVA", "java");
  }

  @ParameterizedTest
  @EnumSource
  void stepWhenOutsideOfAnAgentThenItTakesTheConfiguredOne(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);
    build.env.remove("WORKSPACE");
    build.env.put("ONBEHALF_NODE", "small");

    build.run("@Library('onbehalf') _\njiraSendBuildInfo()");

    assertThat(build.nodes).containsExactly("small");
    assertThat(build.invocations).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void stepWhenCommandIsMissingThenLogSaysWhatToDo(Mode mode) throws Throwable {
    PipelineBuild build = build(mode);
    build.agent = invocation -> 127;

    Object result = build.run("@Library('onbehalf') _\nreturn jiraSendBuildInfo()");

    assertThat(map(result)).containsEntry("ok", false);
    assertThat(build.log)
        .singleElement()
        .asString()
        .contains("install it there or set ONBEHALF_JAR");
  }

  static PipelineBuild build(Mode mode, Path directory) throws Exception {
    PipelineBuild build = new PipelineBuild(mode, directory);
    build.env.put("ONBEHALF_SITES", "acme.atlassian.net=jira-acme");
    build.credentials.put("jira-acme", new Credential("client", "s3cret"));
    build.agent = invocation -> answer(invocation, 0, ACCEPTED);
    return build;
  }

  private PipelineBuild build(Mode mode) throws Exception {
    return build(mode, directory);
  }

  /**
   * Compiling the library takes most of a test's time, so tables of calls share one build per mode.
   */
  private static PipelineBuild compiled(Mode mode) throws Exception {
    PipelineBuild build = COMPILED.get(mode);
    if (build == null) {
      build = build(mode, shared.resolve(mode.name()));
      COMPILED.put(mode, build);
    }
    build.invocations.clear();
    build.log.clear();
    build.env.remove("ONBEHALF_STRICT");
    return build;
  }

  private static void twoSites(PipelineBuild build) {
    build.env.put(
        "ONBEHALF_SITES",
        "acme.atlassian.net=jira-acme\n  relay.atlassian.net=hook,https://hook.example/x?jenkins_server_uuid=1");
    build.credentials.put("hook", new Credential(null, "shared"));
  }

  static int answer(Invocation invocation, int exitCode, @Nullable String json) throws Exception {
    if (json != null) {
      Files.writeString(Path.of(invocation.env().get("ONBEHALF_OUTPUT")), json);
    }
    return exitCode;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static Arguments arguments(String call, String option, String... values) {
    return Arguments.of(call, option, List.of(values));
  }

  private static Stream<Arguments> inBothModes(Stream<Arguments> cases) {
    return cases.flatMap(
        c ->
            Stream.of(Mode.values())
                .map(mode -> Arguments.of(mode, c.get()[0], c.get()[1], c.get()[2])));
  }
}
