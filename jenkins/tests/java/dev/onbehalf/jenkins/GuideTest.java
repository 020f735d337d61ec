package dev.onbehalf.jenkins;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.jenkins.PipelineBuild.Credential;
import dev.onbehalf.jenkins.PipelineBuild.Mode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class GuideTest {
  private static final String PRODUCTION = "send-deployment eu-prod EU production production ";

  private static final Map<String, List<String>> CALLS =
      Map.ofEntries(
          entry(
              "Report a build at its end",
              List.of("send-build successful target/surefire-reports/*.xml")),
          entry(
              "Report the start and the end",
              List.of(
                  "send-build in_progress", "send-build successful build/test-results/**/*.xml")),
          entry("Pull requests", List.of("send-build successful")),
          entry("A pipeline without an agent of its own", List.of("send-build successful")),
          entry("Windows agents", List.of("send-build in_progress", "send-build successful")),
          entry(
              "Deploy and report",
              List.of(
                  "send-deployment eu-staging EU staging staging in_progress",
                  "send-deployment eu-staging EU staging staging successful")),
          entry(
              "Ask Jira's gate",
              List.of(
                  PRODUCTION + "pending gated",
                  "check-gate eu-prod",
                  PRODUCTION + "in_progress",
                  PRODUCTION + "successful")),
          entry(
              "Ask Jira's gate 2",
              List.of(
                  "send-deployment eu-prod EU production unmapped pending gated",
                  "check-gate eu-prod")),
          entry(
              "Promote a version", List.of(PRODUCTION + "in_progress", PRODUCTION + "successful")),
          entry("Roll back", List.of(PRODUCTION + "rolled_back")),
          entry(
              "Several services in one repository",
              List.of(PRODUCTION + "in_progress", PRODUCTION + "successful")));

  @TempDir Path directory;

  static Stream<Arguments> pipelines() throws IOException {
    return Guide.examples("groovy").stream()
        .flatMap(example -> Stream.of(Mode.values()).map(mode -> Arguments.of(mode, example)));
  }

  @Test
  void examplesWhenListedThenEachHasItsExpectation() throws IOException {
    assertThat(Guide.examples("groovy"))
        .extracting(Guide.Example::heading)
        .containsExactlyInAnyOrderElementsOf(CALLS.keySet());
  }

  @ParameterizedTest
  @MethodSource("pipelines")
  void pipelineWhenAllGoesWellThenJiraIsToldWhatTheGuideSays(Mode mode, Guide.Example example)
      throws Throwable {
    PipelineBuild build = StepsTest.build(mode, directory);
    build.unix = !example.heading().startsWith("Windows");
    build.env.put("BRANCH_NAME", "main");
    build.env.put("JOB_NAME", "shop/main");
    build.params.put("VERSION", "4.2");
    build.changedFiles.add("services/billing/pom.xml");

    build.run(example.text());

    assertThat(build.invocations)
        .as(build.log.toString())
        .extracting(GuideTest::call)
        .isEqualTo(CALLS.get(example.heading()));
  }

  @ParameterizedTest
  @EnumSource
  void pipelineWhenStageFailsThenPostReportsTheFailure(Mode mode) throws Exception {
    PipelineBuild build = StepsTest.build(mode, directory);
    String pipeline =
        example("Report a build at its end")
            .replace("sh './mvnw -B verify'", "error 'no compiler'");

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> build.run(pipeline))
        .hasMessage("no compiler");

    assertThat(build.invocations)
        .extracting(GuideTest::call)
        .containsExactly("send-build failed target/surefire-reports/*.xml");
  }

  @ParameterizedTest
  @EnumSource
  void configurationAsCodeWhenAppliedThenThePipelinesWork(Mode mode) throws Throwable {
    JsonNode yaml = new YAMLMapper().readTree(Guide.examples("yaml").get(0).text());
    PipelineBuild build = StepsTest.build(mode, directory);
    build.credentials.clear();
    build.env.remove("ONBEHALF_SITES");
    for (JsonNode variable : yaml.at("/jenkins/globalNodeProperties/0/envVars/env")) {
      build.env.put(variable.get("key").asString(), variable.get("value").asString());
    }
    for (JsonNode credential : yaml.at("/credentials/system/domainCredentials/0/credentials")) {
      JsonNode pair = credential.get("usernamePassword");
      assertThat(pair.get("password").asString()).as("kept out of the file").startsWith("${");
      build.credentials.put(pair.get("id").asString(), new Credential("client", "s3cret"));
    }
    JsonNode library = yaml.at("/unclassified/globalLibraries/libraries/0");
    assertThat(library.get("name").asString()).isEqualTo("onbehalf");
    String libraryPath = library.at("/retriever/modernSCM/libraryPath").asString();
    assertThat(Path.of("..", libraryPath, "vars", "jiraTrack.groovy")).exists();

    build.run(example("Report a build at its end"));

    Invocation sent = build.invocations.get(0);
    assertThat(sent.line()).contains("-jar");
    assertThat(sent.env())
        .containsEntry("ONBEHALF_JIRA_SITE", "example.atlassian.net")
        .containsEntry("ONBEHALF_JIRA_CLIENT_SECRET", "s3cret")
        .containsEntry("ONBEHALF_JAR", "/opt/onbehalf/onbehalf.jar");
  }

  @ParameterizedTest
  @CsvSource({"0, successful", "7, failed"})
  void freestyleShellStepWhenBuildEndsThenOutcomeIsReported(int exitCode, String state)
      throws Exception {
    executable("onbehalf", "echo \"$@\" >> calls");
    executable("mvnw", "exit " + exitCode);
    Path script =
        Files.writeString(directory.resolve("step.sh"), Guide.examples("sh").get(0).text());
    ProcessBuilder step =
        new ProcessBuilder("sh", "-xe", script.toString()).directory(directory.toFile());
    step.environment()
        .merge("PATH", directory.toString(), (path, own) -> own + File.pathSeparator + path);
    step.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());

    Process process = step.start();

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(exitCode);
    assertThat(directory.resolve("calls"))
        .hasContent("jira send-build --state in_progress\njira send-build --state " + state);
  }

  private void executable(String name, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static String example(String heading) throws IOException {
    return Guide.examples("groovy").stream()
        .filter(e -> e.heading().equals(heading))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static String call(Invocation invocation) {
    return Stream.of(
            List.of(invocation.words().get(1)),
            invocation.option("environment-id"),
            invocation.option("environment-name"),
            invocation.option("environment-type"),
            invocation.option("state"),
            invocation.option("junit"),
            invocation.flag("enable-gating") ? List.of("gated") : List.<String>of())
        .flatMap(List::stream)
        .map(Objects::toString)
        .reduce((a, b) -> a + " " + b)
        .orElseThrow();
  }
}
