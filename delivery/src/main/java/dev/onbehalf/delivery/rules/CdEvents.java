package dev.onbehalf.delivery.rules;

import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.Text;
import dev.onbehalf.delivery.git.GitHistory;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads CDEvents of pipeline runs, task runs, builds and services, by themselves or as the data of
 * a CloudEvent.
 *
 * <p>What the specification has no place for is taken from {@code customData}: {@code buildNumber},
 * {@code url}, {@code branch}, {@code title}, {@code description}, {@code tag}, {@code
 * commitMessages}, {@code issueKeys}, {@code commit}, {@code repositoryUrl}.
 */
public final class CdEvents {
  private static final Pattern TYPE =
      Pattern.compile("dev\\.cdevents\\.([a-z]{1,40})\\.([a-z]{1,40})\\..{1,40}");
  private static final Pattern LAST_NUMBER = Pattern.compile("([0-9]{1,15})/?$");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
  private static final int MAX_TEXTS = 1_000;

  private CdEvents() {}

  /**
   * Returns the event, empty for a type that is about no run. Throws {@link
   * IllegalArgumentException}, with one sentence, for JSON that is no CDEvent or lacks what a
   * report needs.
   */
  public static Optional<CiEvent> read(JsonNode json, Instant now) {
    JsonNode event = json.path("data").isObject() ? json.path("data") : json;
    JsonNode context = event.path("context");
    JsonNode subject = event.path("subject");
    Matcher type = TYPE.matcher(context.path("type").asString(""));
    if (!type.matches() || subject.path("id").asString("").isBlank()) {
      throw new IllegalArgumentException(
          "This is not a CDEvent: it has no context.type of dev.cdevents or no subject.id.");
    }
    JsonNode content = subject.path("content");
    JsonNode custom = event.path("customData");
    Instant time = time(context.path("timestamp").asString(""), now);
    CiEvent.State state = state(type.group(1), type.group(2), outcome(content, subject), time);
    if (state == null) {
      return Optional.empty();
    }
    String job = job(type.group(1), subject, content);
    String url = url(content, custom, subject, context);
    String run =
        first(content.path("pipelineRun").path("id").asString(""), subject.path("id").asString(""));
    return Optional.of(
        new CiEvent(
            job,
            stage(type.group(1), content),
            new CiEvent.Run(number(custom, run, url), url, url),
            state,
            null,
            commit(custom),
            texts(job, custom)));
  }

  private static String outcome(JsonNode content, JsonNode subject) {
    return first(content.path("outcome").asString(""), subject.path("outcome").asString(""))
        .toLowerCase(Locale.ROOT);
  }

  private static CiEvent.@Nullable State state(
      String subject, String predicate, String outcome, Instant time) {
    return switch (subject) {
      case "pipelinerun", "taskrun", "build" ->
          switch (predicate) {
            case "queued" -> new CiEvent.State(BuildState.PENDING, DeploymentState.PENDING, time);
            case "started" ->
                new CiEvent.State(BuildState.IN_PROGRESS, DeploymentState.IN_PROGRESS, time);
            case "finished" -> finished(subject, outcome, time);
            default -> null;
          };
      case "service" ->
          switch (predicate) {
            case "deployed", "upgraded" ->
                new CiEvent.State(BuildState.SUCCESSFUL, DeploymentState.SUCCESSFUL, time);
            case "rolledback" ->
                new CiEvent.State(BuildState.UNKNOWN, DeploymentState.ROLLED_BACK, time);
            default -> null;
          };
      default -> null;
    };
  }

  private static CiEvent.State finished(String subject, String outcome, Instant time) {
    return switch (outcome) {
      case "success" -> new CiEvent.State(BuildState.SUCCESSFUL, DeploymentState.SUCCESSFUL, time);
      case "failure", "error" -> new CiEvent.State(BuildState.FAILED, DeploymentState.FAILED, time);
      case "cancel" -> new CiEvent.State(BuildState.CANCELLED, DeploymentState.CANCELLED, time);
      default ->
          subject.equals("build") && outcome.isEmpty()
              ? new CiEvent.State(BuildState.SUCCESSFUL, DeploymentState.SUCCESSFUL, time)
              : new CiEvent.State(BuildState.UNKNOWN, DeploymentState.UNKNOWN, time);
    };
  }

  private static String job(String kind, JsonNode subject, JsonNode content) {
    String name =
        kind.equals("taskrun")
            ? first(
                content.path("pipelineRun").path("pipelineName").asString(""),
                content.path("pipelineName").asString(""),
                content.path("pipelineRun").path("id").asString(""))
            : content.path("pipelineName").asString("");
    return first(name, subject.path("id").asString(""));
  }

  private static @Nullable String stage(String kind, JsonNode content) {
    JsonNode environment = content.path("environment");
    String stage =
        switch (kind) {
          case "taskrun" -> content.path("taskName").asString("");
          case "service" ->
              first(environment.path("name").asString(""), environment.path("id").asString(""));
          default -> "";
        };
    return stage.isBlank() ? null : stage;
  }

  private static String url(JsonNode content, JsonNode custom, JsonNode subject, JsonNode context) {
    for (JsonNode candidate :
        List.of(
            custom.path("url"),
            content.path("url"),
            content.path("uri"),
            subject.path("source"),
            context.path("source"))) {
      String url = candidate.asString("");
      if (url.startsWith("https://") || url.startsWith("http://")) {
        return url;
      }
    }
    throw new IllegalArgumentException(
        "The event says nowhere where people see the run; give subject.content.url or customData.url.");
  }

  /** The number given, else the one its id or URL ends with, else one made from the id. */
  private static long number(JsonNode custom, String run, String url) {
    JsonNode given = custom.path("buildNumber");
    String text = given.isIntegralNumber() ? given.toString() : given.asString("");
    for (String candidate : List.of(text, run, url)) {
      Matcher number = LAST_NUMBER.matcher(candidate);
      if (number.find()) {
        return Long.parseLong(number.group(1));
      }
    }
    return Long.parseLong(Text.digest(run).substring(0, 12), 16);
  }

  private static CiEvent.@Nullable Commit commit(JsonNode custom) {
    String id = custom.path("commit").asString("");
    Optional<String> url = GitHistory.webUrl(custom.path("repositoryUrl").asString(""));
    return COMMIT.matcher(id).matches() && url.isPresent()
        ? new CiEvent.Commit(id, url.get())
        : null;
  }

  private static List<KeyText> texts(String job, JsonNode custom) {
    List<KeyText> texts = new ArrayList<>();
    for (String key : strings(custom.path("issueKeys"))) {
      if (IssueKeys.isKey(key.strip().toUpperCase(Locale.ROOT))) {
        texts.add(new KeyText(KeySource.EXPLICIT, "issueKeys", key));
      }
    }
    Map<String, KeySource> fields =
        Map.of(
            "branch", KeySource.BRANCH,
            "title", KeySource.PULL_REQUEST_TITLE,
            "description", KeySource.PULL_REQUEST_DESCRIPTION,
            "tag", KeySource.TAG,
            "commitMessages", KeySource.COMMIT);
    for (String field : List.of("branch", "title", "description", "tag", "commitMessages")) {
      KeySource source = fields.getOrDefault(field, KeySource.COMMIT);
      for (String text : strings(custom.path(field))) {
        texts.add(new KeyText(source, field, text));
      }
    }
    texts.add(new KeyText(KeySource.BRANCH, "pipeline " + job, job));
    return texts;
  }

  private static List<String> strings(JsonNode node) {
    List<String> strings = new ArrayList<>();
    if (node.isString()) {
      strings.add(node.stringValue());
    }
    for (JsonNode item : node) {
      if (item.isString() && strings.size() < MAX_TEXTS) {
        strings.add(item.stringValue());
      }
    }
    return strings;
  }

  private static Instant time(String text, Instant now) {
    try {
      return text.isEmpty() ? now : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return now;
    }
  }

  private static String first(String... candidates) {
    for (String candidate : candidates) {
      if (!candidate.isBlank()) {
        return candidate;
      }
    }
    return "";
  }
}
