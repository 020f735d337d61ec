package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The builds of a pipeline, and what it deployed.
 *
 * @param name its name
 * @param id its id
 * @param sender name of the credential that reports it
 * @param deployments its latest deployments
 * @param builds its builds, the latest first
 * @param later whether this is a later page of the builds
 * @param next where the builds go on, a raw path after the context path; null for nowhere
 */
public record PipelinePage(
    String name,
    String id,
    String sender,
    List<Reported> deployments,
    List<Reported> builds,
    boolean later,
    @Nullable String next)
    implements Page {

  public PipelinePage {
    deployments = List.copyOf(deployments);
    builds = List.copyOf(builds);
  }

  @Override
  public String template() {
    return "pipeline";
  }

  @Override
  public String title() {
    return Text.name(name);
  }
}
