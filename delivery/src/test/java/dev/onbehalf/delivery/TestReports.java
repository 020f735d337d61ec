package dev.onbehalf.delivery;

import java.time.Instant;
import java.util.List;

/** Reports that are right, as builders to change. */
public final class TestReports {
  public static final Instant NOW = Instant.parse("2026-01-05T10:11:12.345Z");

  private TestReports() {}

  public static Build.Builder build(long number) {
    return Build.builder()
        .pipelineId("team/app main")
        .buildNumber(number)
        .displayName("team/app main #" + number)
        .url("https://ci.example.com/job/app/" + number + "/")
        .state(BuildState.FAILED)
        .lastUpdated(NOW)
        .issueKeys(List.of("ABC-12"));
  }

  public static Deployment.Builder deployment(long number) {
    return Deployment.builder()
        .deploymentSequenceNumber(number)
        .displayName("app #" + number)
        .description("Release 4.2")
        .url("https://ci.example.com/job/app/" + number + "/")
        .state(DeploymentState.SUCCESSFUL)
        .lastUpdated(NOW)
        .pipeline("team/app", "team/app", "https://ci.example.com/job/app/")
        .environment("eu-prod", "EU production", EnvironmentType.PRODUCTION)
        .issueKeys(List.of("ABC-12"));
  }

  public static RemoteLink.Builder remoteLink(String id) {
    return RemoteLink.builder()
        .id(id)
        .displayName("Coverage")
        .url("https://ci.example.com/coverage/")
        .type(RemoteLink.Type.COVERAGE)
        .lastUpdated(NOW)
        .issueKeys(List.of("ABC-12"));
  }

  public static Commit.Builder commit(String id) {
    return Commit.builder()
        .id(id)
        .issueKeys(List.of("ABC-12"))
        .message("ABC-12 mend it")
        .author("Alice")
        .url("https://git.example.com/app/commit/" + id)
        .authorTimestamp(NOW);
  }

  public static Repository.Builder repository(String id) {
    Commit commit = commit("0a1b2c3d4e5f").build();
    return Repository.builder()
        .id(id)
        .name("app")
        .url("https://git.example.com/app")
        .commit(commit)
        .branch(
            Branch.builder()
                .name("feature/ABC-12-x")
                .issueKeys(List.of("ABC-12"))
                .lastCommit(commit)
                .url("https://git.example.com/app/tree/feature")
                .build())
        .pullRequest(
            PullRequest.builder()
                .id("24")
                .issueKeys(List.of("ABC-12"))
                .status(PullRequest.Status.OPEN)
                .title("ABC-12 mend it")
                .author("Alice")
                .sourceBranch("feature/ABC-12-x")
                .lastUpdate(NOW)
                .url("https://git.example.com/app/pull/24")
                .build());
  }
}
