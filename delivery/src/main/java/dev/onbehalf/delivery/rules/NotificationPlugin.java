package dev.onbehalf.delivery.rules;

import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.TestInfo;
import dev.onbehalf.delivery.git.GitHistory;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the JSON that Jenkins' Notification plugin posts at each phase of a run. */
public final class NotificationPlugin {
  private static final Pattern JOB_PATH = Pattern.compile("(?:job/[^/]{1,1000}/)+");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");

  private NotificationPlugin() {}

  /**
   * Returns the event, empty for a phase that says nothing new. Throws {@link
   * IllegalArgumentException}, with one sentence, for JSON of any other shape.
   */
  public static Optional<CiEvent> read(JsonNode json, Instant now) {
    JsonNode build = json.path("build");
    String phase = build.path("phase").asString("");
    String url = build.path("full_url").asString("");
    if (!build.isObject() || phase.isEmpty() || !build.path("number").isIntegralNumber()) {
      throw new IllegalArgumentException(
          "This is not the JSON of Jenkins' Notification plugin: it has no build with a phase and a number.");
    }
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new IllegalArgumentException(
          "The build has no full_url; set the Jenkins URL under Manage Jenkins, System.");
    }
    CiEvent.State state = state(phase, build.path("status").asString(""), now);
    if (state == null) {
      return Optional.empty();
    }
    String job = jobName(json);
    return Optional.of(
        new CiEvent(
            job,
            null,
            new CiEvent.Run(build.path("number").asLong(), url, jobUrl(url, build)),
            state,
            tests(build.path("test_summary")),
            commit(build.path("scm")),
            texts(job, build.path("scm"))));
  }

  private static CiEvent.@Nullable State state(String phase, String status, Instant now) {
    return switch (phase) {
      case "QUEUED" -> new CiEvent.State(BuildState.PENDING, DeploymentState.PENDING, now);
      case "STARTED" -> new CiEvent.State(BuildState.IN_PROGRESS, DeploymentState.IN_PROGRESS, now);
      case "COMPLETED", "FINALIZED" ->
          switch (status) {
            case "SUCCESS" ->
                new CiEvent.State(BuildState.SUCCESSFUL, DeploymentState.SUCCESSFUL, now);
            case "FAILURE" -> new CiEvent.State(BuildState.FAILED, DeploymentState.FAILED, now);
            case "UNSTABLE" -> new CiEvent.State(BuildState.FAILED, DeploymentState.UNKNOWN, now);
            case "ABORTED" ->
                new CiEvent.State(BuildState.CANCELLED, DeploymentState.CANCELLED, now);
            default -> new CiEvent.State(BuildState.UNKNOWN, DeploymentState.UNKNOWN, now);
          };
      default -> null;
    };
  }

  /** The plugin's name has no folders; the path has: {@code job/team/job/app/}. */
  private static String jobName(JsonNode json) {
    String path = json.path("url").asString("");
    if (JOB_PATH.matcher(path).matches()) {
      List<String> steps = new ArrayList<>();
      String[] parts = path.split("/", -1);
      for (int i = 1; i < parts.length; i += 2) {
        steps.add(decoded(parts[i]));
      }
      return String.join("/", steps);
    }
    String name = json.path("name").asString("");
    if (name.isBlank()) {
      throw new IllegalArgumentException("The JSON names no job.");
    }
    return name;
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }

  private static String jobUrl(String url, JsonNode build) {
    String tail = build.path("number").asLong() + "/";
    return url.endsWith("/" + tail) ? url.substring(0, url.length() - tail.length()) : url;
  }

  private static @Nullable TestInfo tests(JsonNode summary) {
    long total = summary.path("total").asLong(0);
    long failed = summary.path("failed").asLong(0);
    long skipped = summary.path("skipped").asLong(0);
    long passed = summary.path("passed").asLong(total - failed - skipped);
    boolean right = total > 0 && failed >= 0 && skipped >= 0 && passed >= 0;
    return right ? new TestInfo(total, passed, failed, skipped) : null;
  }

  private static CiEvent.@Nullable Commit commit(JsonNode scm) {
    String id = scm.path("commit").asString("");
    Optional<String> url = GitHistory.webUrl(scm.path("url").asString(""));
    return COMMIT.matcher(id).matches() && url.isPresent()
        ? new CiEvent.Commit(id, url.get())
        : null;
  }

  private static List<KeyText> texts(String job, JsonNode scm) {
    List<KeyText> texts = new ArrayList<>();
    String branch = scm.path("branch").asString("");
    if (!branch.isBlank()) {
      String plain = branch.startsWith("origin/") ? branch.substring("origin/".length()) : branch;
      texts.add(new KeyText(KeySource.BRANCH, plain, plain));
    }
    texts.add(new KeyText(KeySource.BRANCH, "job " + job, decoded(job)));
    return texts;
  }
}
