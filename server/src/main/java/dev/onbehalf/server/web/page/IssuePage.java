package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was built, deployed and done for an issue.
 *
 * @param issueKey key of the issue; null where none was asked for yet
 * @param notice what is wrong with what was asked for; null for nothing
 * @param environments where it is deployed, production first: the latest deployment of each
 * @param builds its builds, the latest first
 * @param links what else belongs to it, the latest first
 * @param action where the form goes that asks for another issue, a raw path after the context path
 */
public record IssuePage(
    @Nullable String issueKey,
    @Nullable String notice,
    List<Entry> environments,
    List<Entry> builds,
    List<Entry> links,
    String action)
    implements Page {

  public IssuePage {
    environments = List.copyOf(environments);
    builds = List.copyOf(builds);
    links = List.copyOf(links);
  }

  /** Whether there is nothing to show. */
  public boolean empty() {
    return environments.isEmpty() && builds.isEmpty() && links.isEmpty();
  }

  @Override
  public String template() {
    return "issue";
  }

  @Override
  public String title() {
    return issueKey == null ? "Builds and deployments" : issueKey;
  }

  /**
   * One build, deployment or link; every text is as its sender wrote it.
   *
   * @param heading its environment, pipeline or kind
   * @param title what it is called
   * @param url where its sender shows it, http or https
   * @param state its state in words; empty for none
   * @param tone {@code good}, {@code bad}, {@code busy} or {@code plain}
   * @param details further facts, a phrase each
   * @param updated when it last changed
   * @param sender name of the credential that sent it
   */
  public record Entry(
      String heading,
      String title,
      String url,
      String state,
      String tone,
      List<String> details,
      Instant updated,
      String sender) {
    public Entry {
      details = List.copyOf(details);
    }
  }
}
