package dev.onbehalf.server.web;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.web.PageGallery.Exhibit;
import dev.onbehalf.server.web.page.Choice;
import dev.onbehalf.server.web.page.CredentialFormPage;
import dev.onbehalf.server.web.page.CredentialPage;
import dev.onbehalf.server.web.page.CredentialSecretPage;
import dev.onbehalf.server.web.page.CredentialsPage;
import dev.onbehalf.server.web.page.Reported;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of the receiving side, with sample data. */
final class ReceivingGallery {
  private static final Instant DAY = Instant.parse("2026-11-21T15:30:00Z");
  private static final String HOSTILE = PageGallery.HOSTILE_NAME;

  private ReceivingGallery() {}

  static void addTo(Map<String, Exhibit> all, Viewer viewer) {
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
        changed == null ? "" : changed,
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
