package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.Tone;
import dev.onbehalf.server.web.page.BoardPage;
import dev.onbehalf.server.web.page.Reported;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what was received into what pages list. */
final class Reports {
  /** Types of environment in the order in which people ask for them. */
  static final List<EnvironmentType> TYPES =
      List.of(
          EnvironmentType.PRODUCTION,
          EnvironmentType.STAGING,
          EnvironmentType.TESTING,
          EnvironmentType.DEVELOPMENT,
          EnvironmentType.UNMAPPED);

  private static final int ISSUES_SHOWN = 20;

  private final Issues issues;

  Reports(Issues issues) {
    this.issues = issues;
  }

  /** Returns a build headed by its pipeline and number. */
  static Reported build(Item item) {
    JsonNode json = item.json();
    return build(
        item, json, json.path("pipelineId").asString("") + " #" + number(json), pipelinePath(item));
  }

  /** Returns a build of a known pipeline, headed by its number. */
  static Reported numbered(Item item) {
    JsonNode json = item.json();
    return build(item, json, "#" + number(json), null);
  }

  private static String number(JsonNode json) {
    return json.path("buildNumber").asString("");
  }

  private static Reported build(Item item, JsonNode json, String heading, @Nullable String path) {
    return entry(item, json, heading, path, "displayName", item.state(), buildDetails(json));
  }

  /** Returns a deployment headed by its environment. */
  static Reported toEnvironment(Item item) {
    return toEnvironment(item, true);
  }

  /** Returns a deployment of a known pipeline, headed by its environment. */
  static Reported onlyToEnvironment(Item item) {
    return toEnvironment(item, false);
  }

  private static Reported toEnvironment(Item item, boolean byPipeline) {
    JsonNode json = item.json();
    List<String> details = new ArrayList<>();
    String type = typeWord(json.path("environment").path("type").asString(""));
    if (byPipeline) {
      String pipeline = json.path("pipeline").path("displayName").asString("");
      details.add((type.isEmpty() ? "" : type + ", ") + "by " + pipeline);
    } else if (!type.isEmpty()) {
      details.add(type);
    }
    addDescription(json, details);
    Long environment = item.environment();
    return entry(
        item,
        json,
        json.path("environment").path("displayName").asString(""),
        environment == null ? null : PlacePages.environmentPath(environment),
        "displayName",
        item.state(),
        details);
  }

  /** Returns a deployment headed by its pipeline. */
  static Reported fromPipeline(Item item) {
    JsonNode json = item.json();
    List<String> details = new ArrayList<>();
    addDescription(json, details);
    return entry(
        item,
        json,
        json.path("pipeline").path("displayName").asString("") + " #" + item.number(),
        pipelinePath(item),
        "displayName",
        item.state(),
        details);
  }

  /** Returns a link, or what is kept in a repository. */
  static Reported link(Item item) {
    JsonNode json = item.json();
    List<String> details = new ArrayList<>();
    addDescription(json, details);
    String id = json.path("displayId").asString("");
    return switch (item.kind()) {
      case "pull_request" ->
          entry(
              item,
              json,
              "Pull request " + id,
              null,
              "title",
              json.path("status").asString(""),
              details);
      case "branch" -> entry(item, json, "Branch", null, "name", "", details);
      case "commit" -> entry(item, json, "Commit " + id, null, "message", "", details);
      default ->
          entry(
              item,
              json,
              json.path("type").asString(""),
              null,
              "displayName",
              json.path("status").path("label").asString(""),
              details);
    };
  }

  /** Returns what a board shows of a build or deployment. */
  static BoardPage.Cell cell(Item item, String note) {
    JsonNode json = item.json();
    return new BoardPage.Cell(
        words(item.state()),
        Tone.of(item.state()),
        json.path("displayName").asString(""),
        json.path("url").asString(""),
        item.updated(),
        note);
  }

  /** Returns the entries with the keys of their issues, of those that exist. */
  List<Reported> withIssues(List<Item> items, List<Reported> entries) {
    List<List<String>> keys = items.stream().map(item -> Item.issueKeys(item.json())).toList();
    Set<String> shown = new HashSet<>();
    keys.forEach(each -> each.stream().limit(ISSUES_SHOWN).forEach(shown::add));
    Set<String> existing = issues.existing(shown).keySet();
    List<Reported> all = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Reported entry = entries.get(i);
      all.add(
          new Reported(
              entry.heading(),
              entry.path(),
              entry.title(),
              entry.url(),
              entry.state(),
              entry.tone(),
              entry.details(),
              keys.get(i).stream().limit(ISSUES_SHOWN).filter(existing::contains).toList(),
              Math.max(0, keys.get(i).size() - ISSUES_SHOWN),
              entry.updated(),
              entry.sender()));
    }
    return all;
  }

  /** Returns a type of environment in a word; empty where it is not said. */
  static String typeWord(String type) {
    return type.equals(EnvironmentType.UNMAPPED.word()) ? "" : type;
  }

  static String words(String state) {
    return state.replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  private static List<String> buildDetails(JsonNode json) {
    List<String> details = new ArrayList<>();
    JsonNode tests = json.path("testInfo");
    if (tests.isObject()) {
      details.add(
          "%d tests: %d passed, %d failed, %d skipped"
              .formatted(
                  tests.path("totalNumber").asLong(0),
                  tests.path("numberPassed").asLong(0),
                  tests.path("numberFailed").asLong(0),
                  tests.path("numberSkipped").asLong(0)));
    }
    addDescription(json, details);
    return details;
  }

  /** What came before pipelines had numbers has none. */
  private static @Nullable String pipelinePath(Item item) {
    return item.pipeline() == 0 ? null : PlacePages.pipelinePath(item.pipeline());
  }

  private static void addDescription(JsonNode json, List<String> details) {
    String description = json.path("description").asString("");
    if (!description.isEmpty()) {
      details.add(description);
    }
  }

  private static Reported entry(
      Item item,
      JsonNode json,
      String heading,
      @Nullable String path,
      String titleField,
      String state,
      List<String> details) {
    return new Reported(
        heading,
        path,
        json.path(titleField).asString(""),
        json.path("url").asString(""),
        words(state),
        Tone.of(json.path("status").path("appearance").asString(state)),
        details,
        List.of(),
        0,
        item.updated(),
        item.sender());
  }
}
