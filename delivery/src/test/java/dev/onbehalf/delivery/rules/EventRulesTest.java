package dev.onbehalf.delivery.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.TestReports;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EventRulesTest {
  private static final Instant NOW = TestReports.NOW;
  private static final EnvironmentTypes TYPES =
      EnvironmentTypes.of(
          Map.of(
              EnvironmentType.PRODUCTION, List.of("eu-prod", "live-.*"),
              EnvironmentType.TESTING, List.of("abnahme.*")));

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static EventRules rules(Rule... rules) {
    return new EventRules(List.of(rules), TYPES, IssueKeys.builder().build());
  }

  private static JsonNode notification(String path, String phase, String status) {
    return json(
        """
        {'name':'app','display_name':'App','url':'%s','build':{
         'full_url':'https://ci.example.com/%s57/','number':57,'phase':'%s','status':'%s',
         'url':'%s57/','scm':{'url':'https://bob:pw@git.example.com/app.git',
          'branch':'origin/feature/ABC-1','commit':'0a1b2c3d4e'},
         'test_summary':{'total':10,'failed':1,'passed':7,'skipped':2}}}
        """
            .formatted(path, path, phase, status, path));
  }

  private static CiEvent read(JsonNode json) {
    return NotificationPlugin.read(json, NOW).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED,, pending, pending",
    "STARTED,, in_progress, in_progress",
    "COMPLETED, SUCCESS, successful, successful",
    "FINALIZED, FAILURE, failed, failed",
    "FINALIZED, UNSTABLE, failed, unknown",
    "FINALIZED, ABORTED, cancelled, cancelled",
    "FINALIZED, NOT_BUILT, unknown, unknown"
  })
  void readWhenNotificationThenStatesOfBuildAndDeployment(
      String phase, String status, String build, String deployment) {
    CiEvent event = read(notification("job/team/job/app/", phase, status == null ? "" : status));
    assertThat(event.state().build().word()).isEqualTo(build);
    assertThat(event.state().deployment().word()).isEqualTo(deployment);
  }

  @Test
  void applyWhenBuildRuleMatchesThenBuildHasWhatTheNotificationTells() {
    EventRules.Applied applied =
        rules(Rule.build("team/.*", null))
            .apply(read(notification("job/team/job/app/", "FINALIZED", "FAILURE")));
    assertThat(applied.reports())
        .singleElement()
        .satisfies(
            report ->
                assertThat(json(report.toJson().toString()))
                    .isEqualTo(
                        json(
                            """
                        {'schemaVersion':'1.0','pipelineId':'team/app','buildNumber':57,
                         'displayName':'team/app #57','label':'#57',
                         'url':'https://ci.example.com/job/team/job/app/57/','state':'failed',
                         'lastUpdated':'2026-01-05T10:11:12.345Z','issueKeys':['ABC-1'],
                         'testInfo':{'totalNumber':10,'numberPassed':7,'numberFailed':1,'numberSkipped':2},
                         'references':[{'commit':{'id':'0a1b2c3d4e',
                           'repositoryUri':'https://git.example.com/app'}}]}
                        """)));
  }

  @Test
  void applyWhenJobIsOfABranchThenItsNameHasTheKey() {
    CiEvent event = read(notification("job/app/job/fix%252FDEF-2/", "STARTED", ""));
    assertThat(event.job()).isEqualTo("app/fix%2FDEF-2");
    assertThat(rules(Rule.build("app/.*", null)).apply(event).keys().keys())
        .containsExactly("ABC-1", "DEF-2");
  }

  @Test
  void applyWhenDeploymentRuleMatchesThenEnvironmentIsTheGroup() {
    EventRules.Applied applied =
        rules(Rule.deployment("deploy to (?<envName>.+)", null))
            .apply(read(notification("job/deploy%20to%20eu-prod/", "FINALIZED", "SUCCESS")));
    assertThat(applied.reports())
        .singleElement()
        .satisfies(
            report ->
                assertThat(json(report.toJson().toString()))
                    .isEqualTo(
                        json(
                            """
                        {'schemaVersion':'1.0','deploymentSequenceNumber':57,
                         'displayName':'deploy to eu-prod #57 to eu-prod',
                         'description':'deploy to eu-prod #57 to eu-prod','label':'#57',
                         'url':'https://ci.example.com/job/deploy%20to%20eu-prod/57/',
                         'state':'successful','lastUpdated':'2026-01-05T10:11:12.345Z',
                         'pipeline':{'id':'deploy to eu-prod','displayName':'deploy to eu-prod',
                          'url':'https://ci.example.com/job/deploy%20to%20eu-prod/'},
                         'environment':{'id':'eu-prod','displayName':'eu-prod','type':'production'},
                         'associations':[{'associationType':'issueIdOrKeys','values':['ABC-1']}]}
                        """)));
  }

  @Test
  void applyWhenNoRuleMatchesThenSaysSo() {
    EventRules.Applied applied =
        rules(Rule.build("other", null), Rule.build(".*", ".*"))
            .apply(read(notification("job/app/", "STARTED", "")));
    assertThat(applied.reports()).isEmpty();
    assertThat(applied.reason()).isEqualTo("No rule matches job 'app'.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'build':{'phase':'STARTED','full_url':'https://x/'}}",
        "{'name':'a','build':{'phase':'STARTED','number':1,'full_url':'job/a/1/'}}",
        "{'build':{'phase':'STARTED','number':1,'full_url':'https://ci.example.com/1/'}}"
      })
  void readWhenJsonIsNoNotificationThenOneSentence(String text) {
    assertThatThrownBy(() -> NotificationPlugin.read(json(text), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(".");
  }

  private static JsonNode cdEvent(String type, String content, String custom) {
    return json(
        """
        {'context':{'version':'0.4.1','id':'e-1','source':'https://ci.example.com/',
          'type':'dev.cdevents.%s.0.2.0','timestamp':'2026-01-05T12:00:00+02:00'},
         'subject':{'id':'/runs/app/12','type':'x','content':%s},'customData':%s}
        """
            .formatted(type, content, custom));
  }

  @Test
  void applyWhenPipelineRunFinishedThenBuild() {
    JsonNode event =
        cdEvent(
            "pipelinerun.finished",
            "{'pipelineName':'app','url':'https://ci.example.com/runs/12','outcome':'failure'}",
            "{'branch':'feature/ABC-1','commitMessages':['ABC-2 more'],'issueKeys':['UTF-8','no key']}");
    JsonNode cloudEvent = JsonMapper.shared().createObjectNode().set("data", event);
    for (JsonNode each : List.of(event, cloudEvent)) {
      EventRules.Applied applied =
          rules(Rule.build("app", null)).apply(CdEvents.read(each, NOW).orElseThrow());
      assertThat(applied.keys().keys()).containsExactly("UTF-8", "ABC-1", "ABC-2");
      JsonNode build = applied.reports().get(0).toJson();
      assertThat(build.path("state").asString()).isEqualTo("failed");
      assertThat(build.path("buildNumber").asLong()).isEqualTo(12);
      assertThat(build.path("lastUpdated").asString()).isEqualTo("2026-01-05T10:00:00Z");
    }
  }

  @Test
  void applyWhenTaskRunMatchesStageThenDeployment() {
    JsonNode event =
        cdEvent(
            "taskrun.started",
            "{'taskName':'deploy to qa1','url':'https://ci.example.com/t/3','pipelineRun':{'id':'app-9'}}",
            "{'issueKeys':'ABC-1','buildNumber':'44'}");
    EventRules.Applied applied =
        rules(Rule.build("app.*", null), Rule.deployment("app.*", "(?i)deploy to (?<envName>.+)"))
            .apply(CdEvents.read(event, NOW).orElseThrow());
    JsonNode deployment = applied.reports().get(0).toJson();
    assertThat(applied.reports()).hasSize(1);
    assertThat(deployment.path("environment").path("type").asString()).isEqualTo("testing");
    assertThat(deployment.path("deploymentSequenceNumber").asLong()).isEqualTo(44);
    assertThat(deployment.path("state").asString()).isEqualTo("in_progress");
  }

  @ParameterizedTest
  @CsvSource({"deployed, successful", "upgraded, successful", "rolledback, rolled_back"})
  void applyWhenServiceChangesThenDeploymentToItsEnvironment(String predicate, String state) {
    JsonNode event =
        cdEvent(
            "service." + predicate,
            "{'environment':{'id':'live-eu'},'artifactId':'pkg:oci/app'}",
            "{'title':'ABC-1'}");
    EventRules.Applied applied =
        rules(Rule.deployment(".*", "(?<envName>.+)"))
            .apply(CdEvents.read(event, NOW).orElseThrow());
    JsonNode deployment = applied.reports().get(0).toJson();
    assertThat(deployment.path("state").asString()).isEqualTo(state);
    assertThat(deployment.path("environment").path("id").asString()).isEqualTo("live-eu");
    assertThat(deployment.path("environment").path("type").asString()).isEqualTo("production");
  }

  @ParameterizedTest
  @ValueSource(strings = {"repository.created", "change.merged", "service.removed"})
  void readWhenCdEventIsAboutNoRunThenEmpty(String type) {
    assertThat(CdEvents.read(cdEvent(type, "{}", "{}"), NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'context':{'type':'dev.cdevents.build.started.0.1.0'}}", "[1]"})
  void readWhenJsonIsNoCdEventThenOneSentence(String text) {
    assertThatThrownBy(() -> CdEvents.read(json(text), NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(".");
  }

  @ParameterizedTest
  @CsvSource({
    "dev, DEVELOPMENT",
    "team-dev-1, DEVELOPMENT",
    "QA1, TESTING",
    "uat, TESTING",
    "Abnahme Nord, TESTING",
    "stg_eu, STAGING",
    "preprod, STAGING",
    "eu-prod, PRODUCTION",
    "EU-PROD, PRODUCTION",
    "live-us, PRODUCTION",
    "prod, UNMAPPED",
    "production, UNMAPPED",
    "us-prod, UNMAPPED",
    "pre-prod, UNMAPPED",
    "prod-test, UNMAPPED",
    "dev-test, UNMAPPED",
    "latest, UNMAPPED",
    "internal, UNMAPPED",
    "model, UNMAPPED"
  })
  void typeOfWhenNamedThenNeverAGuessedProduction(String name, EnvironmentType type) {
    assertThat(TYPES.typeOf(name)).isEqualTo(type);
  }

  @Test
  void ruleWhenDeploymentNamesNoEnvironmentThenRefused() {
    assertThatThrownBy(() -> Rule.deployment("deploy to .*", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(?<envName>.+)");
    assertThatThrownBy(() -> Rule.build("deploy (", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a regular expression");
  }
}
