package dev.onbehalf.server.web;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.web.PageGallery.Exhibit;
import dev.onbehalf.server.web.page.BoardPage;
import dev.onbehalf.server.web.page.Choice;
import dev.onbehalf.server.web.page.CredentialFormPage;
import dev.onbehalf.server.web.page.CredentialPage;
import dev.onbehalf.server.web.page.CredentialSecretPage;
import dev.onbehalf.server.web.page.CredentialsPage;
import dev.onbehalf.server.web.page.EnvironmentPage;
import dev.onbehalf.server.web.page.IssuePage;
import dev.onbehalf.server.web.page.PanelPage;
import dev.onbehalf.server.web.page.PipelinePage;
import dev.onbehalf.server.web.page.PlacesPage;
import dev.onbehalf.server.web.page.QueryPage;
import dev.onbehalf.server.web.page.Reported;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of the receiving side, with sample data. */
final class ReceivingGallery {
  private static final Instant DAY = Instant.parse("2026-11-21T15:30:00Z");
  private static final String HOSTILE = PageGallery.HOSTILE_NAME;

  private ReceivingGallery() {}

  static void addTo(Map<String, Exhibit> all, Viewer viewer) {
    addViews(all, viewer);
    all.put(
        "credentials",
        new Exhibit(
            new CredentialsPage(
                List.of(
                    credential("Jenkins of the build team", "on", "good"),
                    credential("Release script", "ended", "bad"),
                    credential("Old server", "off", "plain")),
                null,
                "/credentials/new"),
            viewer));
    all.put(
        "credentials-none",
        new Exhibit(new CredentialsPage(List.of(), "Deleted.", "/credentials/new"), viewer));
    all.put(
        "credentials-hostile",
        new Exhibit(
            new CredentialsPage(
                List.of(credential(HOSTILE, "on", "good")), null, "/credentials/new"),
            viewer));
    all.put("credential", new Exhibit(credential("Jenkins of the build team", null), viewer));
    all.put(
        "credential-problem",
        new Exhibit(credential(HOSTILE, "Choose what becomes of the data it sent."), viewer));
    all.put(
        "credential-secret",
        new Exhibit(
            new CredentialSecretPage(
                "Jenkins of the build team",
                "k2m4q8s1v6x3z0b5d7f9h2j4",
                Secret.of("onbs_kRz0bXcLw2Jm8Qe5Yt1Uo7Pa3Sd6Fg9Hj4Kl0Zx2Cv8"),
                true,
                "https://delivery.example.com",
                "/credentials/k2m4q8s1v6x3z0b5d7f9h2j4"),
            viewer));
    all.put("credential-form", new Exhibit(form(null, null, ""), viewer));
    all.put(
        "credential-form-problem",
        new Exhibit(
            form(
                HOSTILE,
                "The name of a credential has 1 to 100 characters on one line.",
                "2027-01-31"),
            viewer));
    all.put("query", new Exhibit(query("", null, null), viewer));
    all.put(
        "query-results",
        new Exhibit(
            query(
                "environmentType = production AND current = true",
                null,
                List.of(
                    reported(
                        "EU prod",
                        "Release 318 of the shop",
                        "successful",
                        "good",
                        List.of("Deployment, production, by Shop #318")),
                    reported(
                        HOSTILE,
                        HOSTILE,
                        "rolled back",
                        "bad",
                        List.of("Deployment by " + HOSTILE)))),
            viewer));
    all.put(
        "query-problem",
        new Exhibit(
            query(
                "environmentType = production AND state = faild AND updated > -7d",
                "At character 43: 'faild' is not a state; take one of pending, in_progress,"
                    + " successful, failed, cancelled, unknown, rolled_back. Did you mean failed?",
                null),
            viewer));
  }

  private static QueryPage query(
      String text, @Nullable String fault, @Nullable List<Reported> entries) {
    int wrong = text.indexOf("faild");
    return new QueryPage(
        text,
        false,
        fault,
        fault == null
            ? null
            : new QueryPage.Marked(
                text.substring(0, wrong), "faild", text.substring(wrong + "faild".length())),
        fault == null
            ? List.of()
            : List.of("pending", "in_progress", "successful", "failed", "cancelled").stream()
                .map(word -> new QueryPage.Suggestion(word, "/query?q=" + word))
                .toList(),
        entries,
        entries == null
            ? List.of()
            : List.of("No environment is called 'eu-prd'. Did you mean eu-prod?"),
        entries == null ? null : "/query?q=x&after=1-1",
        "/-/onbehalf/query?q=x&format=",
        "/query");
  }

  private static void addViews(Map<String, Exhibit> all, Viewer viewer) {
    for (boolean hostile : List.of(false, true)) {
      String suffix = hostile ? "-hostile" : "";
      String name = hostile ? HOSTILE : "EU production";
      String pipeline = hostile ? HOSTILE : "team/app";
      Reported live = reported(pipeline + " #42", "Release 4.2", "successful", "good", List.of());
      all.put(
          "environment" + suffix,
          new Exhibit(
              new EnvironmentPage(
                  name,
                  "production",
                  hostile ? HOSTILE : "jenkins",
                  List.of(live),
                  List.of(
                      reported(pipeline + " #43", "Release 4.3", "rolled back", "bad", List.of()),
                      live),
                  false,
                  "/environments/1?before=1-1"),
              viewer));
      all.put(
          "pipeline" + suffix,
          new Exhibit(
              new PipelinePage(
                  pipeline,
                  "app",
                  hostile ? HOSTILE : "jenkins",
                  List.of(reported(name, "Release 4.2", "successful", "good", List.of())),
                  List.of(
                      reported(
                          pipeline + " #42",
                          "app #42",
                          "failed",
                          "bad",
                          List.of("310 tests: 305 passed, 2 failed, 3 skipped"))),
                  false,
                  "/pipelines/1?before=1-1"),
              viewer));
      all.put(
          "environments" + suffix,
          new Exhibit(
              new PlacesPage(
                  "Environments",
                  "/environments",
                  List.of(
                      new PlacesPage.Group(
                          "Production",
                          List.of(
                              new PlacesPage.Place("/environments/1", name, "jenkins"),
                              new PlacesPage.Place("/environments/2", "US production", name))),
                      new PlacesPage.Group(
                          "Staging",
                          List.of(new PlacesPage.Place("/environments/3", "Stage", "jenkins")))),
                  null),
              viewer));
      all.put("board" + suffix, new Exhibit(board(hostile), viewer));
      all.put(
          "panel-project" + suffix,
          new Exhibit(new PanelPage("ABC", "/projects/ABC", null, board(hostile)), null));
      all.put(
          "panel-issue" + suffix,
          new Exhibit(
              new PanelPage(
                  "ABC-12",
                  "/issues/ABC-12",
                  new IssuePage("ABC-12", null, List.of(live), List.of(live), List.of(), "/issues"),
                  null),
              null));
    }
    all.put(
        "panel-stranger", new Exhibit(new PanelPage("ABC-12", "/issues/ABC-12", null, null), null));
    all.put(
        "pipelines-none",
        new Exhibit(new PlacesPage("Pipelines", "/pipelines", List.of(), null), viewer));
    all.put(
        "board-none",
        new Exhibit(
            new BoardPage(
                null,
                "That is not the key of a project, such as ABC.",
                List.of("ABC", "DEF"),
                filter(""),
                List.of(),
                false,
                List.of(),
                null),
            viewer));
  }

  private static BoardPage board(boolean hostile) {
    String title = hostile ? HOSTILE : "app 4.2";
    return new BoardPage(
        "ABC",
        null,
        List.of("ABC", "DEF"),
        filter(hostile ? "<b>\"" : ""),
        List.of(
            new BoardPage.Column(
                "/environments/1", hostile ? HOSTILE : "EU production", "production"),
            new BoardPage.Column("/environments/2", "US production", "production"),
            new BoardPage.Column("/environments/3", "Stage", "staging"),
            new BoardPage.Column("/environments/4", "Integration tests", "testing"),
            new BoardPage.Column("/environments/5", "Review", "")),
        true,
        List.of(
            row(
                "ABC-120",
                cell("in progress", "busy", title, ""),
                null,
                null,
                null,
                cell("pending", "busy", title, ""),
                null),
            row(
                "ABC-97",
                cell("successful", "good", title, ""),
                cell("failed", "bad", title, "an earlier one was successful"),
                null,
                cell("successful", "good", title, ""),
                cell("successful", "good", title, ""),
                cell("cancelled", "plain", title, "")),
            row(
                "ABC-12",
                null,
                cell("successful", "good", title, ""),
                cell("successful", "good", title, ""),
                cell("successful", "good", title, ""),
                null,
                null)),
        "/projects/ABC?before=12");
  }

  private static BoardPage.Filter filter(String text) {
    return new BoardPage.Filter(
        List.of(
            new Choice.Option("", "All", "", true),
            new Choice.Option("production", "Production", "", false)),
        List.of(
            new Choice.Option("", "Any", "", true),
            new Choice.Option("failed", "Failed", "", false)),
        true,
        text);
  }

  private static BoardPage.Row row(
      String key, BoardPage.@Nullable Cell build, BoardPage.@Nullable Cell... cells) {
    return new BoardPage.Row(key, "/issues/" + key, build, Arrays.asList(cells));
  }

  private static BoardPage.Cell cell(String state, String tone, String title, String note) {
    return new BoardPage.Cell(state, tone, title, "https://ci.example.com/9", DAY, note);
  }

  static Reported reported(
      String name, String text, String state, String tone, List<String> details) {
    return new Reported(
        name,
        "/environments/1",
        text,
        "https://ci.example.com/9",
        state,
        tone,
        details,
        List.of("ABC-12", "ABC-7"),
        3,
        DAY,
        name);
  }

  private static CredentialsPage.Entry credential(String name, String state, String tone) {
    return new CredentialsPage.Entry(
        "/credentials/k2m4",
        name,
        state,
        tone,
        List.of("send builds and deployments", "read back and delete what it sent"),
        tone.equals("plain") ? "" : "ABC, DEF",
        DAY.minusSeconds(86_400 * 40),
        tone.equals("plain") ? null : DAY,
        tone.equals("bad") ? DAY : null);
  }

  private static CredentialPage credential(String name, @Nullable String problem) {
    CredentialPage.LiveSecret first =
        new CredentialPage.LiveSecret("s1", DAY.minusSeconds(86_400 * 40), DAY);
    return new CredentialPage(
        credential(name, "on", "good"),
        "k2m4q8s1v6x3z0b5d7f9h2j4",
        true,
        problem == null
            ? List.of(first)
            : List.of(first, new CredentialPage.LiveSecret("s2", DAY, null)),
        problem == null ? "Switched on." : null,
        problem,
        "/credentials",
        "t");
  }

  private static CredentialFormPage form(
      @Nullable String changed, @Nullable String problem, String until) {
    return new CredentialFormPage(
        changed,
        problem,
        changed == null ? "" : "Jenkins",
        List.of(
            new Choice.Option("builds", "Builds", "", true),
            new Choice.Option("deployments", "Deployments", "", true),
            new Choice.Option(
                "remotelinks", "Remote links", "Such as test reports and documents.", false),
            new Choice.Option(
                "devinfo",
                "Development information",
                "Commits, branches and pull requests.",
                false)),
        new Choice(
            "may",
            "What may it do with them?",
            List.of(
                new Choice.Option(
                    "all",
                    "Send, read back and delete its own",
                    "What others sent it can neither read nor change.",
                    true),
                new Choice.Option("send", "Only send", "It cannot read back anything.", false))),
        changed == null ? "" : "ABC, DEF",
        until,
        "/credentials",
        "/credentials",
        "t");
  }
}
