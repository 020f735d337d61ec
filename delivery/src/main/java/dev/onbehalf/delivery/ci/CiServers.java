package dev.onbehalf.delivery.ci;

import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The variables of each CI server, a table for each. */
final class CiServers {
  private static final String NO_COMMIT = "0000000000000000000000000000000000000000";

  private CiServers() {}

  static CiEnvironment detect(Map<String, String> environment) {
    Facts facts = new Facts(environment);
    String server;
    if (facts.has("JENKINS_URL") || facts.has("JENKINS_HOME")) {
      server = "Jenkins";
      jenkins(facts);
    } else if (facts.has("GITHUB_ACTIONS")) {
      server = "GitHub Actions";
      gitHub(facts);
    } else if (facts.has("GITLAB_CI")) {
      server = "GitLab CI";
      gitLab(facts);
    } else if (facts.has("TEAMCITY_VERSION")) {
      server = "TeamCity";
      teamCity(facts);
    } else if (facts.has("bamboo_planKey")) {
      server = "Bamboo";
      bamboo(facts);
    } else if (facts.has("BUILDBOT_BUILDERNAME")) {
      server = "Buildbot";
      buildbot(facts);
    } else {
      server = "none";
    }
    return new CiEnvironment(server, facts.found);
  }

  private static void jenkins(Facts facts) {
    facts.take(Fact.PIPELINE_ID, "JOB_NAME");
    facts.take(Fact.PIPELINE_NAME, "JOB_NAME");
    facts.take(Fact.PIPELINE_URL, "JOB_URL");
    facts.take(Fact.BUILD_NUMBER, "BUILD_NUMBER");
    facts.take(Fact.BUILD_URL, "BUILD_URL");
    facts.take(Fact.BUILD_LABEL, "BUILD_DISPLAY_NAME");
    facts.take(Fact.PULL_REQUEST_BRANCH, "CHANGE_BRANCH");
    facts.take(Fact.PULL_REQUEST_TITLE, "CHANGE_TITLE");
    facts.take(Fact.PULL_REQUEST_TARGET, "CHANGE_TARGET");
    facts.take(Fact.TAG, "TAG_NAME");
    facts.take(Fact.BRANCH, "BRANCH_NAME", "GIT_LOCAL_BRANCH");
    facts.put(Fact.BRANCH, withoutRemote(facts.value("GIT_BRANCH")));
    facts.take(Fact.COMMIT, "GIT_COMMIT");
    facts.take(Fact.LAST_SUCCESSFUL_COMMIT, "GIT_PREVIOUS_SUCCESSFUL_COMMIT");
    facts.take(Fact.REPOSITORY_URL, "GIT_URL");
  }

  private static void gitHub(Facts facts) {
    String repository = facts.value("GITHUB_REPOSITORY");
    String server = facts.value("GITHUB_SERVER_URL");
    String workflow = facts.value("GITHUB_WORKFLOW");
    if (repository != null && workflow != null) {
      facts.put(Fact.PIPELINE_ID, repository + "/" + workflow);
      facts.put(Fact.PIPELINE_NAME, repository + " " + workflow);
    }
    if (repository != null && server != null) {
      facts.put(Fact.REPOSITORY_URL, server + "/" + repository);
      facts.put(Fact.PIPELINE_URL, server + "/" + repository + "/actions");
      String run = facts.value("GITHUB_RUN_ID");
      if (run != null) {
        facts.put(Fact.BUILD_URL, server + "/" + repository + "/actions/runs/" + run);
      }
    }
    facts.take(Fact.BUILD_NUMBER, "GITHUB_RUN_NUMBER");
    String number = facts.value("GITHUB_RUN_NUMBER");
    String attempt = facts.value("GITHUB_RUN_ATTEMPT");
    if (number != null) {
      boolean again = attempt != null && !attempt.equals("1");
      facts.put(Fact.BUILD_LABEL, "#" + number + (again ? " attempt " + attempt : ""));
    }
    facts.take(Fact.PULL_REQUEST_BRANCH, "GITHUB_HEAD_REF");
    facts.take(Fact.PULL_REQUEST_TARGET, "GITHUB_BASE_REF");
    facts.take(
        "tag".equals(facts.value("GITHUB_REF_TYPE")) ? Fact.TAG : Fact.BRANCH, "GITHUB_REF_NAME");
    facts.take(Fact.COMMIT, "GITHUB_SHA");
    JsonNode event = json(facts.value("GITHUB_EVENT_PATH"));
    if (event != null) {
      facts.put(Fact.PULL_REQUEST_TITLE, text(event.path("pull_request").path("title")));
      facts.put(Fact.PULL_REQUEST_DESCRIPTION, text(event.path("pull_request").path("body")));
      facts.put(Fact.DEFAULT_BRANCH, text(event.path("repository").path("default_branch")));
    }
  }

  private static void gitLab(Facts facts) {
    facts.take(Fact.PIPELINE_ID, "CI_PROJECT_PATH");
    facts.take(Fact.PIPELINE_NAME, "CI_PROJECT_PATH");
    String project = facts.value("CI_PROJECT_URL");
    if (project != null) {
      facts.put(Fact.PIPELINE_URL, project + "/-/pipelines");
    }
    facts.take(Fact.REPOSITORY_URL, "CI_PROJECT_URL");
    facts.take(Fact.BUILD_NUMBER, "CI_PIPELINE_IID");
    facts.take(Fact.BUILD_URL, "CI_PIPELINE_URL");
    String number = facts.value("CI_PIPELINE_IID");
    facts.put(Fact.BUILD_LABEL, number == null ? null : "#" + number);
    facts.take(Fact.PULL_REQUEST_BRANCH, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME");
    facts.take(Fact.PULL_REQUEST_TARGET, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
    facts.take(Fact.PULL_REQUEST_TITLE, "CI_MERGE_REQUEST_TITLE");
    facts.take(Fact.PULL_REQUEST_DESCRIPTION, "CI_MERGE_REQUEST_DESCRIPTION");
    facts.take(Fact.TAG, "CI_COMMIT_TAG");
    facts.take(Fact.BRANCH, "CI_COMMIT_BRANCH");
    facts.take(Fact.COMMIT, "CI_COMMIT_SHA");
    facts.take(Fact.DEFAULT_BRANCH, "CI_DEFAULT_BRANCH");
    facts.take(Fact.ENVIRONMENT_NAME, "CI_ENVIRONMENT_NAME");
    String tier = facts.value("CI_ENVIRONMENT_TIER");
    if (tier != null && List.of("production", "staging", "testing", "development").contains(tier)) {
      facts.put(Fact.ENVIRONMENT_TYPE, tier);
    }
    String status = facts.value("CI_JOB_STATUS");
    if (status != null) {
      facts.put(
          Fact.STATE,
          switch (status) {
            case "success" -> "successful";
            case "failed" -> "failed";
            case "canceled" -> "cancelled";
            case "running" -> "in_progress";
            default -> null;
          });
    }
  }

  private static void teamCity(Facts facts) {
    Properties build = properties(facts.value("TEAMCITY_BUILD_PROPERTIES_FILE"));
    Properties configuration =
        properties(build.getProperty("teamcity.configuration.properties.file"));
    facts.put(Fact.PIPELINE_ID, build.getProperty("teamcity.buildType.id"));
    String project = facts.value("TEAMCITY_PROJECT_NAME");
    String name = facts.value("TEAMCITY_BUILDCONF_NAME");
    if (name != null) {
      String whole = project == null ? name : project + " / " + name;
      facts.put(Fact.PIPELINE_ID, whole);
      facts.put(Fact.PIPELINE_NAME, whole);
    }
    facts.put(Fact.BUILD_NUMBER, build.getProperty("teamcity.build.id"));
    facts.take(Fact.BUILD_NUMBER, "BUILD_NUMBER");
    facts.take(Fact.BUILD_LABEL, "BUILD_NUMBER");
    facts.take(Fact.BUILD_URL, "BUILD_URL");
    String server = configuration.getProperty("teamcity.serverUrl");
    String id = build.getProperty("teamcity.build.id");
    if (server != null && id != null) {
      facts.put(Fact.BUILD_URL, server + "/viewLog.html?buildId=" + id);
    }
    facts.put(Fact.BRANCH, configuration.getProperty("teamcity.build.branch"));
    facts.put(
        Fact.PULL_REQUEST_BRANCH, configuration.getProperty("teamcity.pullRequest.source.branch"));
    facts.put(Fact.PULL_REQUEST_TITLE, configuration.getProperty("teamcity.pullRequest.title"));
    facts.put(
        Fact.PULL_REQUEST_TARGET, configuration.getProperty("teamcity.pullRequest.target.branch"));
    facts.take(Fact.COMMIT, "BUILD_VCS_NUMBER");
    facts.put(Fact.REPOSITORY_URL, configuration.getProperty("vcsroot.url"));
  }

  private static void bamboo(Facts facts) {
    facts.take(Fact.PIPELINE_ID, "bamboo_planKey");
    facts.take(Fact.PIPELINE_NAME, "bamboo_planName");
    facts.take(Fact.BUILD_NUMBER, "bamboo_buildNumber");
    facts.take(Fact.BUILD_LABEL, "bamboo_buildResultKey");
    facts.take(Fact.BUILD_URL, "bamboo_resultsUrl", "bamboo_buildResultsUrl");
    facts.take(Fact.PULL_REQUEST_BRANCH, "bamboo_repository_pr_sourceBranch");
    facts.take(Fact.PULL_REQUEST_TARGET, "bamboo_repository_pr_targetBranch");
    facts.take(Fact.PULL_REQUEST_TITLE, "bamboo_repository_pr_title");
    facts.take(Fact.BRANCH, "bamboo_planRepository_branchName", "bamboo_repository_branch_name");
    facts.take(Fact.COMMIT, "bamboo_planRepository_revision");
    facts.take(Fact.REPOSITORY_URL, "bamboo_planRepository_repositoryUrl");
    facts.take(Fact.ENVIRONMENT_NAME, "bamboo_deploy_environment");
  }

  private static void buildbot(Facts facts) {
    facts.take(Fact.PIPELINE_ID, "BUILDBOT_BUILDERNAME");
    facts.take(Fact.PIPELINE_NAME, "BUILDBOT_BUILDERNAME");
    facts.take(Fact.BUILD_NUMBER, "BUILDBOT_BUILDNUMBER");
    facts.take(Fact.BUILD_URL, "BUILDBOT_URL");
    facts.take(Fact.BRANCH, "BUILDBOT_BRANCH");
    facts.take(Fact.COMMIT, "BUILDBOT_REVISION", "BUILDBOT_GOT_REVISION");
    facts.take(Fact.REPOSITORY_URL, "BUILDBOT_REPOSITORY");
  }

  private static @Nullable String withoutRemote(@Nullable String branch) {
    return branch != null && branch.startsWith("origin/") ? branch.substring(7) : branch;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() ? node.stringValue() : null;
  }

  private static @Nullable JsonNode json(@Nullable String file) {
    try {
      return file == null ? null : JsonMapper.shared().readTree(Files.readAllBytes(Path.of(file)));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Properties properties(@Nullable String file) {
    Properties properties = new Properties();
    if (file != null) {
      try (Reader reader = Files.newBufferedReader(Path.of(file))) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        return new Properties();
      }
    }
    return properties;
  }

  /** The variables, and the facts found in them; the first finding of a fact stays. */
  private static final class Facts {
    private final Map<String, String> environment;
    private final Map<Fact, String> found = new EnumMap<>(Fact.class);

    Facts(Map<String, String> environment) {
      this.environment = environment;
    }

    boolean has(String variable) {
      return value(variable) != null;
    }

    @Nullable String value(String variable) {
      String value = environment.get(variable);
      return value == null || value.isBlank() ? null : value.strip();
    }

    void take(Fact fact, String... variables) {
      for (String variable : variables) {
        put(fact, value(variable));
      }
    }

    void put(Fact fact, @Nullable String value) {
      if (value != null && !value.isBlank() && !value.equals(NO_COMMIT)) {
        found.putIfAbsent(fact, value);
      }
    }
  }
}
