package dev.onbehalf.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.jenkins.PipelineBuild.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrackTest {
  private static final String DEPLOYMENT =
      "environmentId: 'eu-prod', environmentName: 'EU production'";

  @TempDir Path directory;

  static Stream<Arguments> outcomes() {
    return Stream.of(
            Arguments.of("", "echo 'built'", "successful"),
            Arguments.of("", "unstable('tests')", "failed"),
            Arguments.of("", "catchError { error('broken') }", "failed"),
            Arguments.of(DEPLOYMENT, "echo 'deployed'", "successful"),
            Arguments.of(DEPLOYMENT, "unstable('smoke')", "unknown"),
            Arguments.of(DEPLOYMENT, "catchError { error('broken') }", "failed"))
        .flatMap(
            c ->
                Stream.of(Mode.values())
                    .map(m -> Arguments.of(m, c.get()[0], c.get()[1], c.get()[2])));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void jiraTrackWhenBodyEndsThenStartAndOutcomeAreReported(
      Mode mode, String parameters, String body, String outcome) throws Throwable {
    PipelineBuild build = StepsTest.build(mode, directory);

    build.run("@Library('onbehalf') _\njiraTrack(" + parameters + ") { " + body + " }");

    assertThat(states(build)).containsExactly("in_progress", outcome);
    assertThat(build.invocations)
        .extracting(i -> i.words().get(1))
        .containsOnly(parameters.isEmpty() ? "send-build" : "send-deployment");
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenBodyThrowsThenFailureIsReportedAndTheExceptionGoesOn(Mode mode)
      throws Exception {
    PipelineBuild build = StepsTest.build(mode, directory);

    assertThatThrownBy(
            () -> build.run("@Library('onbehalf') _\njiraTrack { error('no such target') }"))
        .isInstanceOf(hudson.AbortException.class)
        .hasMessage("no such target");
    assertThat(states(build)).containsExactly("in_progress", "failed");
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenAbortedThenCancelledIsReportedAndTheAbortGoesOn(Mode mode) throws Exception {
    PipelineBuild build = StepsTest.build(mode, directory);

    assertThatThrownBy(
            () -> build.run("@Library('onbehalf') _\njiraTrack { interrupt('ABORTED') }"))
        .isInstanceOf(FlowInterruptedException.class);
    assertThat(states(build)).containsExactly("in_progress", "cancelled");
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenReportingFailsTooThenTheBodysExceptionWins(Mode mode) throws Exception {
    PipelineBuild build = StepsTest.build(mode, directory);
    build.agent = invocation -> invocation.option("state").contains("failed") ? 3 : 0;

    assertThatThrownBy(
            () ->
                build.run(
                    "@Library('onbehalf') _\njiraTrack(strict: true) { error('no such target') }"))
        .hasMessage("no such target");
    assertThat(states(build)).containsExactly("in_progress", "failed");
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenDeploymentFollowsUnstableTestsThenTheDeploymentSucceeded(Mode mode)
      throws Throwable {
    PipelineBuild build = StepsTest.build(mode, directory);

    build.run(
        "@Library('onbehalf') _\nunstable('tests')\njiraTrack("
            + DEPLOYMENT
            + ") { echo 'deployed' }");

    assertThat(states(build)).containsExactly("in_progress", "successful");
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenGatingEnabledThenOnlyTheStartAsksForIt(Mode mode) throws Throwable {
    PipelineBuild build = StepsTest.build(mode, directory);

    build.run(
        "@Library('onbehalf') _\njiraTrack(" + DEPLOYMENT + ", enableGating: true) { echo 'x' }");

    assertThat(build.invocations)
        .extracting(i -> i.flag("enable-gating"))
        .containsExactly(true, false);
  }

  @ParameterizedTest
  @EnumSource
  void jiraTrackWhenBodyReturnsThenItsValueComesBack(Mode mode) throws Throwable {
    PipelineBuild build = StepsTest.build(mode, directory);

    assertThat(build.run("@Library('onbehalf') _\nreturn jiraTrack { 6 * 7 }")).isEqualTo(42);
  }

  private static List<String> states(PipelineBuild build) {
    return build.invocations.stream().map(i -> i.option("state").get(0)).toList();
  }
}
