package dev.onbehalf.delivery;

import static dev.onbehalf.delivery.TestReports.build;
import static dev.onbehalf.delivery.TestReports.commit;
import static dev.onbehalf.delivery.TestReports.deployment;
import static dev.onbehalf.delivery.TestReports.remoteLink;
import static dev.onbehalf.delivery.TestReports.repository;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportTest {
  private static final String LONG = "x".repeat(256);

  private interface Action {
    Object run();
  }

  private static Arguments row(Action action, String... words) {
    return Arguments.of(action, List.of(words));
  }

  private static List<String> keys(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "ABC-" + i).toList();
  }

  static Stream<Arguments> brokenLimits() {
    return Stream.of(
        row(() -> Build.builder().build(), "'pipelineId' is required", "'url' is required"),
        row(() -> build(1).pipelineId(LONG).build(), "'pipelineId'", "255", "Found 256"),
        row(() -> build(1).pipelineId("").build(), "'pipelineId' must not be empty"),
        row(() -> build(-1).build(), "'buildNumber' must be at least 0", "-1"),
        row(() -> build(1).displayName(LONG).build(), "'displayName'", "255"),
        row(() -> build(1).description(LONG).build(), "'description'", "255"),
        row(() -> build(1).label(LONG).build(), "'label'", "255"),
        row(() -> build(1).label("a\u0000b").build(), "'label'", "NUL"),
        row(() -> build(1).label("\ud83d").build(), "'label'", "surrogate"),
        row(() -> build(1).url("").build(), "'url'"),
        row(() -> build(1).url("javascript:alert(1)").build(), "'url'", "http(s)"),
        row(() -> build(1).url("https://x/" + "y".repeat(2000)).build(), "'url'", "2000"),
        row(() -> build(1).issueKeys(List.of()).build(), "'issueKeys'", "at least 1"),
        row(() -> build(1).issueKeys(keys(501)).build(), "'issueKeys'", "500", "501"),
        row(() -> build(1).issueKeys(List.of("ABC")).build(), "'issueKeys[0]'", "ABC"),
        row(
            () -> {
              Build.Builder builder = build(1);
              for (int i = 0; i < 6; i++) {
                builder.commit("c" + i, "https://git.example.com/app");
              }
              return builder.build();
            },
            "'references'",
            "5"),
        row(() -> build(1).commit("c", "git@host:app").build(), "repositoryUri"),
        row(() -> new TestInfo(1, 2, -1, 0), "negative"),
        row(() -> Deployment.builder().build(), "'pipeline' is required", "'description'"),
        row(
            () -> deployment(1).environment("", "x", EnvironmentType.TESTING).build(),
            "'environment.id'"),
        row(() -> deployment(1).pipeline("p", "p", "").build(), "'pipeline.url'"),
        row(
            () -> deployment(1).serviceIds(Collections.nCopies(500, "svc")).build(),
            "Sum of Association values",
            "500",
            "501"),
        row(() -> deployment(1).serviceIds(List.of(LONG)).build(), "serviceIdOrKeys", "255"),
        row(() -> deployment(1).durationSeconds(-1).build(), "'duration'"),
        row(() -> remoteLink(LONG).build(), "'id'", "255"),
        row(() -> RemoteLink.builder().build(), "'associations' is required"),
        row(() -> repository("a b").build(), "'id'", "a b"),
        row(() -> commit("1").issueKeys(List.of()).build(), "'issueKeys'"),
        row(() -> Branch.builder().build(), "'lastCommit' is required"),
        row(() -> PullRequest.builder().build(), "'sourceBranch' is required"));
  }

  @ParameterizedTest
  @MethodSource("brokenLimits")
  void buildWhenLimitIsBrokenThenMessageNamesFieldLimitAndValue(Action action, List<String> words) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words.toArray(String[]::new));
  }

  @Test
  void buildWhenUrlCarriesPasswordThenMessageDoesNot() {
    assertThatThrownBy(() -> build(1).url("https://alice:hunter2@ci.example.com/").build())
        .hasMessageContaining("ci.example.com")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void buildWhenBuilderChangesLaterThenReportDoesNot() {
    Build.Builder builder = build(1);
    Build first = builder.build();
    builder.label("later");
    first.toJson().put("label", "changed");
    assertThat(first.toJson().has("label")).isFalse();
    assertThat(first).isEqualTo(build(1).build()).isNotEqualTo(builder.build());
  }

  @Test
  void messageWhenLongerThanJirasLimitThenCut() {
    String message = "ABC-1 " + "\ud83d\ude00".repeat(600);
    assertThat(commit("1").message(message).build().toJson().path("message").asString())
        .hasSizeLessThanOrEqualTo(1024)
        .endsWith("\ud83d\ude00\u2026");
  }

  @Test
  void fitIdWhenTooLongThenReadableStableAndUnique() {
    String first = Text.fitId("team/" + "a".repeat(300), 255);
    assertThat(first).hasSize(255).startsWith("team/aaa");
    assertThat(first)
        .isEqualTo(Text.fitId("team/" + "a".repeat(300), 255))
        .isNotEqualTo(Text.fitId("team/" + "a".repeat(301), 255));
  }

  @Test
  void violationsWhenPayloadIsABombThenFewAndQuick() {
    var json = build(1).build().toJson();
    var keys = json.putArray("issueKeys");
    for (int i = 0; i < 1_000_000; i++) {
      keys.add("ABC-" + i);
    }
    assertThat(DataType.BUILDS.shape().violations(json)).hasSizeLessThan(5);
    var references = json.putArray("references");
    for (int i = 0; i < 5; i++) {
      references.add(i);
    }
    assertThat(DataType.BUILDS.shape().violations(json)).hasSizeLessThanOrEqualTo(20);
  }

  @Test
  void violationsWhenNullGivenThenAsAbsent() {
    var json = build(1).updateSequenceNumber(5).build().toJson();
    json.putNull("description").putNull("references").putNull("testInfo");
    assertThat(DataType.BUILDS.shape().violations(json)).isEmpty();
    json.putNull("url");
    assertThat(DataType.BUILDS.shape().violations(json))
        .extracting(Violation::message)
        .containsExactly("'url' is required");
  }
}
