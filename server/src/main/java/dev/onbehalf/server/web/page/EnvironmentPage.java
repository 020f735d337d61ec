package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is on an environment now, and what was deployed there.
 *
 * @param name its name, as its latest deployment gives it
 * @param type production, staging, testing or development; empty where it is not said
 * @param sender name of the credential that reports it
 * @param current what is there now: of each pipeline the latest successful deployment
 * @param history all deployments, the latest first
 * @param later whether this is a later page of the history
 * @param next where the history goes on, a raw path after the context path; null for nowhere
 */
public record EnvironmentPage(
    String name,
    String type,
    String sender,
    List<Reported> current,
    List<Reported> history,
    boolean later,
    @Nullable String next)
    implements Page {

  public EnvironmentPage {
    current = List.copyOf(current);
    history = List.copyOf(history);
  }

  @Override
  public String template() {
    return "environment";
  }

  @Override
  public String title() {
    return Text.name(name);
  }
}
