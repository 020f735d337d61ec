package dev.onbehalf.server.receive.page;

import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.people.Sessions;
import dev.onbehalf.server.people.SignIn;
import dev.onbehalf.server.receive.CredentialAdministration;
import dev.onbehalf.server.receive.History;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.ProjectBoard;
import dev.onbehalf.server.receive.query.QueryEndpoint;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.web.Pages;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.page.HomePage;
import java.time.InstantSource;
import java.util.List;

/** The pages of the receiving site besides sign-in. */
public final class ReceivingPages {
  private ReceivingPages() {}

  /** What they are made of. */
  public record Parts(
      ReceiveConfig config,
      Database database,
      Issues issues,
      CredentialAdministration credentials,
      AuditTrail audit,
      InstantSource clock,
      Pages pages,
      Sessions sessions,
      SignIn signIn) {}

  /** Returns where a signed-in person may go from the home page of the site. */
  public static List<HomePage.Link> places() {
    return List.of(
        new HomePage.Link(IssuePages.PATH, "Issues", "What was built and deployed for an issue."),
        new HomePage.Link(ProjectPages.PATH, "Projects", "Which issues are on which environment."),
        new HomePage.Link(
            QueryEndpoint.PAGE,
            "Queries",
            "What is on production, what failed, which issues wait on staging."),
        new HomePage.Link(
            CredentialPages.PATH,
            "Credentials",
            "For administrators: who may send builds and deployments."));
  }

  /** Adds the pages to the routes of the site. */
  public static void addTo(Routes routes, Parts parts) {
    Visitors visitors = new Visitors(parts);
    new CredentialPages(parts, visitors).addTo(routes);
    History history = new History(parts.database());
    Issues issues = parts.issues();
    IssuePages issuePages = new IssuePages(history, issues, visitors);
    ProjectPages projectPages =
        new ProjectPages(
            new ProjectBoard(parts.database(), history),
            issues,
            parts.config().projects(),
            visitors);
    issuePages.addTo(routes);
    projectPages.addTo(routes);
    new PlacePages(history, new Reports(issues), visitors).addTo(routes);
    new PanelPages(parts, issuePages, projectPages).addTo(routes);
  }
}
