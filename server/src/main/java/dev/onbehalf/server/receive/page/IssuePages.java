package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.server.people.Sessions.Session;
import dev.onbehalf.server.receive.History;
import dev.onbehalf.server.receive.History.Item;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.Receiver;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.IssuePage;
import dev.onbehalf.server.web.page.Reported;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows whoever signs in what was built and deployed for an issue. */
final class IssuePages {
  static final String PATH = Receiver.ISSUES_PATH;

  private static final String NO_KEY = "That is not the key of an issue, such as ABC-12.";
  private static final int BUILDS_SHOWN = 50;
  private static final int DEPLOYMENTS_SEEN = 500;
  private static final int ENVIRONMENTS_SHOWN = 100;
  private static final int LINKS_SHOWN = 25;

  private final History history;
  private final Issues issues;
  private final Visitors visitors;

  IssuePages(History history, Issues issues, Visitors visitors) {
    this.history = history;
    this.issues = issues;
    this.visitors = visitors;
  }

  void addTo(Routes routes) {
    routes.add(PATH, Methods.get(visitors.signedIn(this::search)));
    visitors.addBelow(routes, PATH, this::issue);
  }

  private WebResponse search(WebRequest request, Session session) {
    String wanted = Form.query(request).value("key").orElse("").strip();
    if (wanted.isEmpty()) {
      return visitors.show(request, 200, form(null), session);
    }
    String key = wanted.toUpperCase(Locale.ROOT);
    return IssueKeys.isKey(key)
        ? WebResponse.redirect(request.publicUrl().with(path(key)))
        : visitors.show(request, 400, form(NO_KEY), session);
  }

  private WebResponse issue(WebRequest request, Session session, String named) {
    String key = named.toUpperCase(Locale.ROOT);
    if (named.isEmpty()) {
      return search(request, session);
    }
    return IssueKeys.isKey(key)
        ? visitors.show(request, 200, page(key, BUILDS_SHOWN, LINKS_SHOWN), session)
        : visitors.show(request, 404, form(NO_KEY), session);
  }

  /** Returns the path of an issue's page. */
  static String path(String key) {
    return PATH + "/" + key;
  }

  private static IssuePage form(@Nullable String notice) {
    return new IssuePage(null, notice, List.of(), List.of(), List.of(), PATH);
  }

  /**
   * Returns what is shown of an issue.
   *
   * @param key in capitals
   * @param builds how many builds at most
   * @param links how many links of each kind at most
   */
  IssuePage page(String key, int builds, int links) {
    if (!issues.existing(Set.of(key)).containsKey(key)) {
      return new IssuePage(key, null, List.of(), List.of(), List.of(), PATH);
    }
    List<Reported> built =
        history.ofIssue(key, DataType.BUILDS.name(), builds).stream().map(Reports::build).toList();
    return new IssuePage(
        key, null, environments(key), built, links == 0 ? List.of() : links(key, links), PATH);
  }

  private List<Reported> environments(String key) {
    record Placed(int rank, Reported entry) {}
    List<Placed> latest = new ArrayList<>();
    for (Item item : history.placesOfIssue(key, DEPLOYMENTS_SEEN, ENVIRONMENTS_SHOWN)) {
      String type = item.json().path("environment").path("type").asString("");
      latest.add(new Placed(rank(type), Reports.toEnvironment(item)));
    }
    return latest.stream()
        .sorted(
            Comparator.comparingInt(Placed::rank).thenComparing(placed -> placed.entry().heading()))
        .map(Placed::entry)
        .toList();
  }

  private static int rank(String word) {
    for (int rank = 0; rank < Reports.TYPES.size(); rank++) {
      if (Reports.TYPES.get(rank).word().equals(word)) {
        return rank;
      }
    }
    return Reports.TYPES.size();
  }

  private List<Reported> links(String key, int limit) {
    List<Reported> links = new ArrayList<>();
    for (String kind : List.of(DataType.REMOTE_LINKS.name(), "pull_request", "branch", "commit")) {
      history.ofIssue(key, kind, limit).forEach(item -> links.add(Reports.link(item)));
    }
    return links;
  }
}
