package dev.onbehalf.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.jenkins.PipelineBuild.Credential;
import dev.onbehalf.jenkins.PipelineBuild.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateTest {
  private static final String GATE =
      "@Library('onbehalf') _\nreturn checkGatingStatus(environmentId: 'eu-prod'";

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenAllowedThenTrue(Mode mode) throws Throwable {
    assertThat(gate(mode, 0).run(GATE + ")")).isEqualTo(true);
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenAwaitingThenFalse(Mode mode) throws Throwable {
    assertThat(gate(mode, OnbehalfExit.AWAITING).run(GATE + ")")).isEqualTo(false);
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenPreventedThenBuildIsAborted(Mode mode) throws Exception {
    PipelineBuild build = gate(mode, OnbehalfExit.PREVENTED);

    assertThatThrownBy(() -> build.run(GATE + ")"))
        .hasMessageContaining("The deployment to eu-prod was prevented in Jira");
    assertThat(build.currentBuild.getResult()).isEqualTo("ABORTED");
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenAnswerIsMissingThenBuildFails(Mode mode) throws Exception {
    PipelineBuild build = gate(mode, 1);

    assertThatThrownBy(() -> build.run(GATE + ")"))
        .hasMessageContaining("its gate could not be read");
    assertThat(build.currentBuild.getResult()).isEqualTo("FAILURE");
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenUsedWronglyThenBuildFails(Mode mode) throws Exception {
    PipelineBuild build = gate(mode, 0);
    build.env.put("ONBEHALF_SITES", "a.example=x b.example=x");
    assertThatThrownBy(() -> build.run(GATE + ")")).hasMessageContaining("2 sites are configured");
    build.env.remove("ONBEHALF_SITES");
    assertThatThrownBy(() -> build.run(GATE + ")")).hasMessageContaining("no site is configured");
    assertThatThrownBy(() -> build.run(GATE + ", typo: 1)"))
        .hasMessageContaining("no parameter 'typo'");
    assertThat(build.invocations).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenSiteAndCredentialsGivenThenNoConfigurationIsNeeded(Mode mode)
      throws Throwable {
    PipelineBuild build = gate(mode, 0);
    build.env.remove("ONBEHALF_SITES");
    build.credentials.put("team", new Credential("team", "other"));

    assertThat(build.run(GATE + ", site: 'team.atlassian.net', credentialsId: 'team')"))
        .isEqualTo(true);
    assertThat(build.invocations.get(0).env())
        .containsEntry("ONBEHALF_JIRA_CLIENT_SECRET", "other");
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenItWaitsThenItAsksUntilDecided(Mode mode) throws Throwable {
    PipelineBuild build = gate(mode, 0);
    build.agent = invocation -> build.invocations.size() < 4 ? OnbehalfExit.AWAITING : 0;

    assertThat(build.run(GATE + ", waitMinutes: 5, pollSeconds: 20)")).isEqualTo(true);
    assertThat(build.sleptSeconds).containsExactly(20, 20, 20);
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenNobodyDecidesThenBuildIsAborted(Mode mode) throws Exception {
    PipelineBuild build = gate(mode, OnbehalfExit.AWAITING);

    assertThatThrownBy(() -> build.run(GATE + ", waitMinutes: 2)"))
        .hasMessageContaining("was not decided in Jira within 2 minutes");
    assertThat(build.sleptSeconds).hasSize(4);
    assertThat(build.currentBuild.getResult()).isEqualTo("ABORTED");
  }

  @ParameterizedTest
  @EnumSource
  void checkGatingStatusWhenInsideWaitUntilThenItIsAskedAgain(Mode mode) throws Throwable {
    PipelineBuild build = gate(mode, 0);
    build.agent = invocation -> build.invocations.size() < 3 ? OnbehalfExit.AWAITING : 0;

    build.run("@Library('onbehalf') _\nwaitUntil { checkGatingStatus(environmentId: 'eu-prod') }");

    assertThat(build.invocations).hasSize(3);
  }

  private PipelineBuild gate(Mode mode, int exitCode) throws Exception {
    PipelineBuild build = StepsTest.build(mode, directory);
    build.agent = invocation -> exitCode;
    return build;
  }

  /** Exit codes of the command line's check-gate. */
  private static final class OnbehalfExit {
    static final int AWAITING = 10;
    static final int PREVENTED = 11;
  }
}
