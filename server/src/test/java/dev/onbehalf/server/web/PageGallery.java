package dev.onbehalf.server.web;

import dev.onbehalf.server.web.page.Choice;
import dev.onbehalf.server.web.page.CodePage;
import dev.onbehalf.server.web.page.ConsentPage;
import dev.onbehalf.server.web.page.DeniedPage;
import dev.onbehalf.server.web.page.ErrorPage;
import dev.onbehalf.server.web.page.HomePage;
import dev.onbehalf.server.web.page.IssuePage;
import dev.onbehalf.server.web.page.LinkPage;
import dev.onbehalf.server.web.page.MyLinksPage;
import dev.onbehalf.server.web.page.PersonalTokensPage;
import dev.onbehalf.server.web.page.SignInPage;
import dev.onbehalf.server.web.page.TokensPage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves every page with sample data, for looking at and for tests of all of them. */
public final class PageGallery {
  /** A name that tries everything: markup, direction marks, piles of accents, ten kilobytes. */
  static final String HOSTILE_NAME =
      "<b>Jira</b>\u202E\u2066evil\u200F \"'& <script>alert(1)</script>\r\nZ\u0300\u0301\u0302\u0303\u0304\u0305"
          + "\u0000 very".repeat(2000);

  private static final Instant DAY = Instant.parse("2026-11-21T15:30:00Z");
  private static final Viewer ALICE = new Viewer("Alice Example", "sample-token");
  private static final Viewer HOSTILE_VIEWER = new Viewer(HOSTILE_NAME, "sample-token");

  private PageGallery() {}

  /** A page and who looks at it. */
  record Exhibit(Page page, @Nullable Viewer viewer) {}

  /** Every page, by a short name. */
  static Map<String, Exhibit> exhibits() {
    Map<String, Exhibit> all = new LinkedHashMap<>();
    all.put("sign-in", new Exhibit(new SignInPage("/", "", null, "t"), null));
    all.put(
        "sign-in-failed",
        new Exhibit(
            new SignInPage("/job/build/", "alice", "Name or password is not right.", "t"), null));
    all.put(
        "consent", new Exhibit(consent("Jira", List.of(), List.of(), "jira.example.com"), ALICE));
    all.put(
        "consent-choices",
        new Exhibit(
            consent(
                "Release script of the build team",
                choices(),
                List.of("This consumer uses OAuth 1.0 without a verifier, which is less safe."),
                null),
            ALICE));
    all.put(
        "consent-hostile",
        new Exhibit(consent(HOSTILE_NAME, List.of(), List.of(), HOSTILE_NAME), HOSTILE_VIEWER));
    all.put(
        "code",
        new Exhibit(new CodePage("Release script", "7Kd3xQ9mTz2w", DAY.plusSeconds(600)), ALICE));
    all.put("denied", new Exhibit(new DeniedPage("Release script"), ALICE));
    all.put("tokens", new Exhibit(new TokensPage(tokens("Jira"), null, "/tokens", "t"), ALICE));
    all.put(
        "tokens-withdrawn",
        new Exhibit(
            new TokensPage(tokens(HOSTILE_NAME), "Jira can no longer act as you.", "/tokens", "t"),
            ALICE));
    all.put("tokens-none", new Exhibit(new TokensPage(List.of(), null, "/tokens", "t"), ALICE));
    all.put(
        "link-failed",
        new Exhibit(
            new LinkPage(
                "Not allowed",
                "Jira was told that you do not allow it.",
                "Start again if that was a mistake.",
                "Start again",
                "/plugins/servlet/applinks/oauth/login-dance/authorize?applicationLinkID=1",
                "r-1"),
            ALICE));
    all.put(
        "links",
        new Exhibit(
            new MyLinksPage(
                List.of(
                    new MyLinksPage.Entry("1", "Jira", "https://jira.example.com", true, "/a?b"),
                    new MyLinksPage.Entry("2", HOSTILE_NAME, HOSTILE_NAME, false, "/a?b")),
                "Forgotten here.",
                "/links",
                "t"),
            ALICE));
    all.put("links-none", new Exhibit(new MyLinksPage(List.of(), null, "/links", "t"), ALICE));
    all.put(
        "personal-tokens",
        new Exhibit(
            new PersonalTokensPage(
                List.of(
                    new PersonalTokensPage.Entry("1", "laptop", DAY, DAY.plusSeconds(86_400)),
                    new PersonalTokensPage.Entry("2", HOSTILE_NAME, DAY, DAY)),
                "obp_Sample7Kd3xQ9mTz2wSample7Kd3xQ9mTz2wSample",
                null,
                null,
                "",
                List.of(30, 7, 90, 366),
                "/personal-tokens",
                "t"),
            ALICE));
    all.put(
        "personal-tokens-refused",
        new Exhibit(
            new PersonalTokensPage(
                List.of(),
                null,
                "Ended. It counts no more.",
                "The password is not right.",
                "laptop",
                List.of(30, 7),
                "/personal-tokens",
                "t"),
            ALICE));
    all.put(
        "home",
        new Exhibit(
            new HomePage(
                "alice",
                null,
                List.of(
                    new HomePage.Link("/", "Go to ci", "The application itself."),
                    new HomePage.Link(
                        "/plugins/servlet/oauth/users/access-tokens",
                        "My tokens",
                        "Who may act as you, and how to withdraw it."))),
            ALICE));
    all.put("issue", new Exhibit(issue("team/app", "Tests of the login"), ALICE));
    all.put("issue-hostile", new Exhibit(issue(HOSTILE_NAME, HOSTILE_NAME), ALICE));
    all.put(
        "issue-none",
        new Exhibit(
            new IssuePage("ABC-12", null, List.of(), List.of(), List.of(), "/issues"), ALICE));
    ReceivingGallery.addTo(all, ALICE);
    all.put("signed-out", new Exhibit(new HomePage(null, null, List.of()), null));
    all.put(
        "error",
        new Exhibit(
            new ErrorPage(
                "Something went wrong",
                "The request could not be answered because of a fault on our side.",
                "Try again; if it stays, give the request number to your administrator.",
                "01JD7Q2W9X"),
            null));
    return all;
  }

  /** Adds every page under {@code /-/onbehalf/gallery/}. */
  static void addTo(Routes routes, Pages pages) {
    exhibits()
        .forEach(
            (name, exhibit) ->
                routes.add(
                    Routes.OWN_PREFIX + "/gallery/" + name,
                    Methods.get(
                        request -> pages.page(request, 200, exhibit.page(), exhibit.viewer()))));
  }

  /** Serves the gallery until the process is stopped; prints the addresses. */
  public static void main(String[] args) throws InterruptedException {
    Pages pages = new Pages();
    Routes routes = new Routes();
    addTo(routes, pages);
    pages.addTo(routes);
    try (TestServer server = TestServer.start(routes, pages, "")) {
      exhibits()
          .keySet()
          .forEach(name -> System.out.println(server.url().with("/-/onbehalf/gallery/" + name)));
      Thread.currentThread().join();
    }
  }

  private static IssuePage issue(String name, String text) {
    return new IssuePage(
        "ABC-12",
        null,
        List.of(
            ReceivingGallery.reported(
                name, text, "successful", "good", List.of("production, by " + name))),
        List.of(
            ReceivingGallery.reported(
                name + " #9",
                text,
                "failed",
                "bad",
                List.of("310 tests: 305 passed, 2 failed, 3 skipped", text)),
            ReceivingGallery.reported(name + " #8", text, "in progress", "busy", List.of())),
        List.of(ReceivingGallery.reported("test", text, "", "plain", List.of())),
        "/issues");
  }

  private static ConsentPage consent(
      String consumer, List<Choice> choices, List<String> warnings, @Nullable String returnsTo) {
    return new ConsentPage(
        consumer,
        "ci",
        "alice",
        List.of("see what you can see", "start, stop and change what you may"),
        Instant.parse("2031-11-21T15:30:00Z"),
        returnsTo,
        choices,
        warnings,
        "/plugins/servlet/oauth/authorize",
        Map.of("oauth_token", "abc"),
        "t");
  }

  private static List<Choice> choices() {
    return List.of(
        new Choice(
            "scope",
            "What may it do?",
            List.of(
                new Choice.Option("read", "Only look", "It cannot change anything.", true),
                new Choice.Option("build", "Look and start builds", "", false),
                new Choice.Option("all", "Everything you may do", "", false))),
        new Choice(
            "life",
            "For how long?",
            List.of(
                new Choice.Option("day", "One day", "", false),
                new Choice.Option("month", "30 days", "", true),
                new Choice.Option("full", "Five years", "", false))));
  }

  private static List<TokensPage.Token> tokens(String first) {
    return List.of(
        new TokensPage.Token(
            "1",
            first,
            List.of("see what you can see", "start builds"),
            DAY.minusSeconds(86_400 * 40),
            DAY.minusSeconds(120),
            DAY.plusSeconds(86_400L * 365 * 5)),
        new TokensPage.Token(
            "2",
            "Release script of the build team",
            List.of(),
            DAY.minusSeconds(86_400),
            null,
            null));
  }
}
