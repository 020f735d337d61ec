package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
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
    List<Reported> environments,
    List<Reported> builds,
    List<Reported> links,
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
}
