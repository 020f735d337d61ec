package dev.onbehalf.delivery.ci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CiEnvironmentTest {
  @TempDir private Path files;

  private static Map<Fact, String> facts(CiEnvironment ci) {
    Map<Fact, String> facts = new EnumMap<>(Fact.class);
    for (Fact fact : Fact.values()) {
      ci.get(fact).ifPresent(value -> facts.put(fact, value));
    }
    return facts;
  }

  static Stream<Arguments> servers() {
    return Stream.of(
        Arguments.of(
            "Jenkins",
            Map.of(
                "JENKINS_URL", "https://ci.example.com/",
                "JOB_NAME", "team/app/feature%2FABC-1",
                "JOB_URL", "https://ci.example.com/job/team/",
                "BUILD_NUMBER", "57",
                "BUILD_URL", "https://ci.example.com/job/team/57/",
                "BUILD_DISPLAY_NAME", "#57",
                "GIT_BRANCH", "origin/feature/ABC-1",
                "GIT_COMMIT", "0a1b2c3d",
                "GIT_PREVIOUS_SUCCESSFUL_COMMIT", "00112233",
                "GIT_URL", "https://git.example.com/app.git"),
            Map.of(
                Fact.PIPELINE_ID, "team/app/feature%2FABC-1",
                Fact.PIPELINE_NAME, "team/app/feature%2FABC-1",
                Fact.PIPELINE_URL, "https://ci.example.com/job/team/",
                Fact.BUILD_NUMBER, "57",
                Fact.BUILD_URL, "https://ci.example.com/job/team/57/",
                Fact.BUILD_LABEL, "#57",
                Fact.BRANCH, "feature/ABC-1",
                Fact.COMMIT, "0a1b2c3d",
                Fact.LAST_SUCCESSFUL_COMMIT, "00112233",
                Fact.REPOSITORY_URL, "https://git.example.com/app.git")),
        Arguments.of(
            "Jenkins",
            Map.of(
                "JENKINS_URL", "https://ci.example.com/",
                "BRANCH_NAME", "PR-24",
                "CHANGE_BRANCH", "feature/ABC-1",
                "CHANGE_TITLE", "ABC-2: better",
                "CHANGE_TARGET", "main",
                "GIT_BRANCH", "PR-24"),
            Map.of(
                Fact.BRANCH, "PR-24",
                Fact.PULL_REQUEST_BRANCH, "feature/ABC-1",
                Fact.PULL_REQUEST_TITLE, "ABC-2: better",
                Fact.PULL_REQUEST_TARGET, "main")),
        Arguments.of(
            "GitHub Actions",
            Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_REPOSITORY", "team/app",
                "GITHUB_SERVER_URL", "https://github.example.com",
                "GITHUB_WORKFLOW", "CI",
                "GITHUB_RUN_ID", "991",
                "GITHUB_RUN_NUMBER", "7",
                "GITHUB_RUN_ATTEMPT", "2",
                "GITHUB_REF_TYPE", "branch",
                "GITHUB_REF_NAME", "feature/ABC-1",
                "GITHUB_SHA", "0a1b2c3d"),
            Map.of(
                Fact.PIPELINE_ID, "team/app/CI",
                Fact.PIPELINE_NAME, "team/app CI",
                Fact.PIPELINE_URL, "https://github.example.com/team/app/actions",
                Fact.BUILD_NUMBER, "7",
                Fact.BUILD_URL, "https://github.example.com/team/app/actions/runs/991",
                Fact.BUILD_LABEL, "#7 attempt 2",
                Fact.BRANCH, "feature/ABC-1",
                Fact.COMMIT, "0a1b2c3d",
                Fact.REPOSITORY_URL, "https://github.example.com/team/app")),
        Arguments.of(
            "GitLab CI",
            Map.ofEntries(
                Map.entry("GITLAB_CI", "true"),
                Map.entry("CI_PROJECT_PATH", "team/app"),
                Map.entry("CI_PROJECT_URL", "https://gitlab.example.com/team/app"),
                Map.entry("CI_PIPELINE_IID", "12"),
                Map.entry("CI_PIPELINE_URL", "https://gitlab.example.com/team/app/-/pipelines/900"),
                Map.entry("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "feature/ABC-1"),
                Map.entry("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                Map.entry("CI_MERGE_REQUEST_TITLE", "ABC-2: better"),
                Map.entry("CI_COMMIT_SHA", "0a1b2c3d"),
                Map.entry("CI_DEFAULT_BRANCH", "main"),
                Map.entry("CI_ENVIRONMENT_NAME", "eu"),
                Map.entry("CI_ENVIRONMENT_TIER", "staging"),
                Map.entry("CI_JOB_STATUS", "canceled"),
                Map.entry("CI_COMMIT_TAG", " ")),
            Map.ofEntries(
                Map.entry(Fact.PIPELINE_ID, "team/app"),
                Map.entry(Fact.PIPELINE_NAME, "team/app"),
                Map.entry(Fact.PIPELINE_URL, "https://gitlab.example.com/team/app/-/pipelines"),
                Map.entry(Fact.BUILD_NUMBER, "12"),
                Map.entry(Fact.BUILD_URL, "https://gitlab.example.com/team/app/-/pipelines/900"),
                Map.entry(Fact.BUILD_LABEL, "#12"),
                Map.entry(Fact.PULL_REQUEST_BRANCH, "feature/ABC-1"),
                Map.entry(Fact.PULL_REQUEST_TARGET, "main"),
                Map.entry(Fact.PULL_REQUEST_TITLE, "ABC-2: better"),
                Map.entry(Fact.COMMIT, "0a1b2c3d"),
                Map.entry(Fact.REPOSITORY_URL, "https://gitlab.example.com/team/app"),
                Map.entry(Fact.DEFAULT_BRANCH, "main"),
                Map.entry(Fact.ENVIRONMENT_NAME, "eu"),
                Map.entry(Fact.ENVIRONMENT_TYPE, "staging"),
                Map.entry(Fact.STATE, "cancelled"))),
        Arguments.of(
            "GitLab CI",
            Map.of("GITLAB_CI", "true", "CI_ENVIRONMENT_TIER", "other", "CI_COMMIT_TAG", "v1"),
            Map.of(Fact.TAG, "v1")),
        Arguments.of(
            "Buildbot",
            Map.of(
                "BUILDBOT_BUILDERNAME", "app",
                "BUILDBOT_BUILDNUMBER", "3",
                "BUILDBOT_URL", "https://buildbot.example.com/#/builders/1/builds/3",
                "BUILDBOT_BRANCH", "feature/ABC-1",
                "BUILDBOT_REVISION", "0a1b2c3d",
                "BUILDBOT_REPOSITORY", "https://git.example.com/app.git"),
            Map.of(
                Fact.PIPELINE_ID, "app",
                Fact.PIPELINE_NAME, "app",
                Fact.BUILD_NUMBER, "3",
                Fact.BUILD_URL, "https://buildbot.example.com/#/builders/1/builds/3",
                Fact.BRANCH, "feature/ABC-1",
                Fact.COMMIT, "0a1b2c3d",
                Fact.REPOSITORY_URL, "https://git.example.com/app.git")),
        Arguments.of(
            "Bamboo",
            Map.of(
                "bamboo_planKey", "TEAM-APP",
                "bamboo_planName", "Team - App",
                "bamboo_buildNumber", "9",
                "bamboo_buildResultKey", "TEAM-APP-9",
                "bamboo_resultsUrl", "https://bamboo.example.com/browse/TEAM-APP-9",
                "bamboo_planRepository_branchName", "feature/ABC-1",
                "bamboo_planRepository_revision", "0a1b2c3d",
                "bamboo_deploy_environment", "eu"),
            Map.of(
                Fact.PIPELINE_ID, "TEAM-APP",
                Fact.PIPELINE_NAME, "Team - App",
                Fact.BUILD_NUMBER, "9",
                Fact.BUILD_LABEL, "TEAM-APP-9",
                Fact.BUILD_URL, "https://bamboo.example.com/browse/TEAM-APP-9",
                Fact.BRANCH, "feature/ABC-1",
                Fact.COMMIT, "0a1b2c3d",
                Fact.ENVIRONMENT_NAME, "eu")),
        Arguments.of("none", Map.of("PATH", "/bin", "BUILD_NUMBER", "4"), Map.of()));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void detectWhenServerIsKnownThenItsFacts(
      String server, Map<String, String> variables, Map<Fact, String> expected) {
    CiEnvironment ci = CiEnvironment.detect(variables);
    assertThat(ci.server()).isEqualTo(server);
    assertThat(facts(ci)).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void detectWhenGitHubEventIsThereThenPullRequestIsRead() throws IOException {
    Path event =
        Files.writeString(
            files.resolve("event.json"),
            """
            {"pull_request":{"title":"ABC-2: better","body":"closes ABC-3"},
             "repository":{"default_branch":"trunk"}}
            """);
    CiEnvironment ci =
        CiEnvironment.detect(
            Map.of(
                "GITHUB_ACTIONS", "true",
                "GITHUB_EVENT_PATH", event.toString(),
                "GITHUB_HEAD_REF", "feature/ABC-1",
                "GITHUB_REF_NAME", "24/merge"));
    assertThat(ci.texts())
        .containsExactly(
            new KeyText(KeySource.BRANCH, "24/merge", "24/merge"),
            new KeyText(KeySource.PULL_REQUEST_BRANCH, "feature/ABC-1", "feature/ABC-1"),
            new KeyText(KeySource.PULL_REQUEST_TITLE, "pull request", "ABC-2: better"),
            new KeyText(KeySource.PULL_REQUEST_DESCRIPTION, "pull request", "closes ABC-3"));
    assertThat(ci.get(Fact.DEFAULT_BRANCH)).contains("trunk");
  }

  @Test
  void detectWhenTeamCityThenItsPropertyFilesAreRead() throws IOException {
    Path configuration =
        Files.writeString(
            files.resolve("configuration.properties"),
            """
            teamcity.serverUrl=https\\://teamcity.example.com
            teamcity.build.branch=feature/ABC-1
            teamcity.pullRequest.title=ABC-2\\: better
            teamcity.pullRequest.target.branch=main
            vcsroot.url=https\\://git.example.com/app.git
            """);
    Path build =
        Files.writeString(
            files.resolve("build.properties"),
            """
            teamcity.buildType.id=Team_App
            teamcity.build.id=4711
            teamcity.configuration.properties.file=%s
            """
                .formatted(configuration.toString().replace("\\", "\\\\")));
    CiEnvironment ci =
        CiEnvironment.detect(
            Map.of(
                "TEAMCITY_VERSION", "2025.07",
                "TEAMCITY_BUILD_PROPERTIES_FILE", build.toString(),
                "TEAMCITY_PROJECT_NAME", "Team",
                "TEAMCITY_BUILDCONF_NAME", "App",
                "BUILD_NUMBER", "1.2.57",
                "BUILD_VCS_NUMBER", "0a1b2c3d"));
    assertThat(ci.server()).isEqualTo("TeamCity");
    assertThat(facts(ci))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Fact.PIPELINE_ID, "Team_App",
                Fact.PIPELINE_NAME, "Team / App",
                Fact.BUILD_NUMBER, "4711",
                Fact.BUILD_LABEL, "1.2.57",
                Fact.BUILD_URL, "https://teamcity.example.com/viewLog.html?buildId=4711",
                Fact.BRANCH, "feature/ABC-1",
                Fact.PULL_REQUEST_TITLE, "ABC-2: better",
                Fact.PULL_REQUEST_TARGET, "main",
                Fact.COMMIT, "0a1b2c3d",
                Fact.REPOSITORY_URL, "https://git.example.com/app.git"));
  }

  @Test
  void detectWhenFilesAreMissingOrBrokenThenTheRestIsRead() throws IOException {
    Path broken = Files.writeString(files.resolve("event.json"), "{\"pull_request\":");
    assertThat(
            facts(
                CiEnvironment.detect(
                    Map.of(
                        "GITHUB_ACTIONS", "true",
                        "GITHUB_EVENT_PATH", broken.toString(),
                        "GITHUB_SHA", "0000000000000000000000000000000000000000"))))
        .isEmpty();
    assertThat(
            facts(
                CiEnvironment.detect(
                    Map.of(
                        "TEAMCITY_VERSION", "x",
                        "TEAMCITY_BUILD_PROPERTIES_FILE", files.resolve("no").toString(),
                        "BUILD_NUMBER", "8"))))
        .containsExactlyInAnyOrderEntriesOf(Map.of(Fact.BUILD_NUMBER, "8", Fact.BUILD_LABEL, "8"));
  }
}
