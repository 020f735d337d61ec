package dev.onbehalf.server.receive.page;

import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.web.Methods;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import dev.onbehalf.server.web.page.PanelPage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Shows an issue or a project in a frame of a page of the same site that is configured, to whoever
 * is signed in here: browsers send the cookie of the session to no other.
 */
final class PanelPages {
  private static final String PATH = "/panel";
  private static final int BUILDS = 5;
  private static final int ROWS = 12;

  private final List<String> origins;
  private final Sessions sessions;
  private final Pages pages;
  private final IssuePages issues;
  private final ProjectPages projects;

  PanelPages(ReceivingPages.Parts parts, IssuePages issues, ProjectPages projects) {
    this.origins = parts.config().frameOrigins();
    this.sessions = parts.sessions();
    this.pages = parts.pages();
    this.issues = issues;
    this.projects = projects;
  }

  void addTo(Routes routes) {
    add(routes, IssuePages.PATH, IssueKeys::isKey, this::issue);
    add(routes, ProjectPages.PATH, ProjectPages::isProject, this::project);
  }

  private void add(
      Routes routes, String path, Predicate<String> valid, Function<String, PanelPage> panel) {
    String prefix = PATH + path + "/";
    routes.addFamily(
        prefix,
        rawPath ->
            Optional.of(
                Methods.get(
                    request -> {
                      String key = rawPath.substring(prefix.length()).toUpperCase(Locale.ROOT);
                      return origins.isEmpty() || !valid.test(key)
                          ? notFound(request)
                          : pages.framed(
                              request,
                              sessions.find(request).isPresent()
                                  ? panel.apply(key)
                                  : new PanelPage(key, path + "/" + key, null, null),
                              origins);
                    })));
  }

  private WebResponse notFound(WebRequest request) {
    return pages.error(
        request,
        404,
        "Not found",
        origins.isEmpty() ? "Panels are switched off here." : "There is no panel at this address.",
        origins.isEmpty()
            ? "The option receive.frame-origins names the sites whose pages may show them."
            : "Check the address for a typing error.");
  }

  private PanelPage issue(String key) {
    return new PanelPage(key, IssuePages.path(key), issues.page(key, BUILDS, 0), null);
  }

  private PanelPage project(String key) {
    return new PanelPage(key, ProjectPages.PATH + "/" + key, null, projects.panel(key, ROWS));
  }
}
