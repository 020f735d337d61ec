package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.receive.JdbiEntityStore.Shown;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.IssuePage;
import dev.onbehalf.server.web.page.Reported;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Shows whoever signs in what was built and deployed for an issue. */
final class IssuePages {
  static final String PATH = "/issues";

  private static final String NO_KEY = "That is not the key of an issue, such as ABC-12.";
  private static final int BUILDS_SHOWN = 50;
  private static final int DEPLOYMENTS_SEEN = 500;
  private static final int LINKS_SHOWN = 25;
  private static final List<EnvironmentType> ORDER =
      List.of(
          EnvironmentType.PRODUCTION,
          EnvironmentType.STAGING,
          EnvironmentType.TESTING,
          EnvironmentType.DEVELOPMENT,
          EnvironmentType.UNMAPPED);
  private static final Set<String> GOOD = Set.of("successful", "MERGED", "success");
  private static final Set<String> BAD = Set.of("failed", "rolled_back", "DECLINED");
  private static final Set<String> BUSY = Set.of("in_progress", "pending", "OPEN", "inprogress");

  private final JdbiEntityStore store;
  private final Issues issues;
  private final Sessions sessions;
  private final SignIn signIn;
  private final Pages pages;

  IssuePages(JdbiEntityStore store, Issues issues, Sessions sessions, SignIn signIn, Pages pages) {
    this.store = store;
    this.issues = issues;
    this.sessions = sessions;
    this.signIn = signIn;
    this.pages = pages;
  }

  /** Answers {@link #PATH} and what lies below it. */
  WebResponse handle(WebRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return WebResponse.of(405, "text/plain; charset=utf-8", "This address answers GET only.\n")
          .with("Allow", "GET, HEAD");
    }
    Optional<Session> session = sessions.find(request);
    if (session.isEmpty()) {
      String query = request.rawQuery();
      return signIn.challenge(request, request.path() + (query == null ? "" : "?" + query));
    }
    String rest = request.path().substring(PATH.length());
    if (rest.isEmpty() || rest.equals("/")) {
      return search(request, session.get());
    }
    String key = Associations.canonical(rest.substring(1));
    return Associations.isKey(key)
        ? show(request, 200, issue(key), session.get())
        : show(request, 404, form(NO_KEY), session.get());
  }

  private WebResponse search(WebRequest request, Session session) {
    String wanted = Form.query(request).value("key").orElse("").strip();
    if (wanted.isEmpty()) {
      return show(request, 200, form(null), session);
    }
    String key = Associations.canonical(wanted);
    return Associations.isKey(key)
        ? WebResponse.redirect(request.publicUrl().with(PATH + "/" + key))
        : show(request, 400, form(NO_KEY), session);
  }

  private static IssuePage form(@Nullable String notice) {
    return new IssuePage(null, notice, List.of(), List.of(), List.of(), PATH);
  }

  private WebResponse show(WebRequest request, int status, IssuePage page, Session session) {
    return pages.page(request, status, page, session.viewer());
  }

  private IssuePage issue(String key) {
    if (!issues.existing(Set.of(key)).containsKey(key)) {
      return new IssuePage(key, null, List.of(), List.of(), List.of(), PATH);
    }
    List<Reported> builds =
        store.ofIssue(key, DataType.BUILDS.name(), BUILDS_SHOWN).stream()
            .map(IssuePages::build)
            .toList();
    return new IssuePage(key, null, environments(key), builds, links(key), PATH);
  }

  private List<Reported> environments(String key) {
    record Placed(int rank, Reported entry) {}
    Map<String, Placed> latest = new LinkedHashMap<>();
    for (Shown shown : store.ofIssue(key, DataType.DEPLOYMENTS.name(), DEPLOYMENTS_SEEN)) {
      JsonNode json = Json.stored(shown.document());
      JsonNode environment = json.path("environment");
      latest.putIfAbsent(
          shown.sender() + "\n" + environment.path("id").asString(""),
          new Placed(rank(environment.path("type").asString("")), deployment(shown, json)));
    }
    return latest.values().stream()
        .sorted(
            Comparator.comparingInt(Placed::rank).thenComparing(placed -> placed.entry().heading()))
        .map(Placed::entry)
        .toList();
  }

  private static int rank(String word) {
    for (EnvironmentType type : ORDER) {
      if (type.word().equals(word)) {
        return ORDER.indexOf(type);
      }
    }
    return ORDER.size();
  }

  private List<Reported> links(String key) {
    List<Reported> links = new ArrayList<>();
    for (String kind : List.of(DataType.REMOTE_LINKS.name(), "pull_request", "branch", "commit")) {
      store.ofIssue(key, kind, LINKS_SHOWN).forEach(shown -> links.add(link(shown)));
    }
    return links;
  }

  private static Reported build(Shown shown) {
    JsonNode json = Json.stored(shown.document());
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
    return entry(
        shown,
        json,
        json.path("pipelineId").asString("") + " #" + json.path("buildNumber").asString(""),
        "displayName",
        json.path("state").asString(""),
        details);
  }

  private static Reported deployment(Shown shown, JsonNode json) {
    List<String> details = new ArrayList<>();
    String type = json.path("environment").path("type").asString("");
    details.add(
        (type.equals("unmapped") ? "" : type + ", ")
            + "by "
            + json.path("pipeline").path("displayName").asString(""));
    addDescription(json, details);
    return entry(
        shown,
        json,
        json.path("environment").path("displayName").asString(""),
        "displayName",
        json.path("state").asString(""),
        details);
  }

  private static Reported link(Shown shown) {
    JsonNode json = Json.stored(shown.document());
    List<String> details = new ArrayList<>();
    addDescription(json, details);
    return switch (shown.kind()) {
      case "pull_request" ->
          entry(
              shown,
              json,
              "Pull request " + json.path("displayId").asString(""),
              "title",
              json.path("status").asString(""),
              details);
      case "branch" -> entry(shown, json, "Branch", "name", "", details);
      case "commit" ->
          entry(
              shown, json, "Commit " + json.path("displayId").asString(""), "message", "", details);
      default ->
          entry(
              shown,
              json,
              json.path("type").asString(""),
              "displayName",
              json.path("status").path("label").asString(""),
              details);
    };
  }

  private static void addDescription(JsonNode json, List<String> details) {
    String description = json.path("description").asString("");
    if (!description.isEmpty()) {
      details.add(description);
    }
  }

  private static Reported entry(
      Shown shown,
      JsonNode json,
      String heading,
      String titleField,
      String state,
      List<String> details) {
    String appearance = json.path("status").path("appearance").asString(state);
    String tone =
        GOOD.contains(appearance)
            ? "good"
            : BAD.contains(appearance) ? "bad" : BUSY.contains(appearance) ? "busy" : "plain";
    return new Reported(
        heading,
        null,
        json.path(titleField).asString(""),
        json.path("url").asString(""),
        state.replace('_', ' ').toLowerCase(Locale.ROOT),
        tone,
        details,
        List.of(),
        0,
        shown.updated(),
        shown.sender());
  }
}
