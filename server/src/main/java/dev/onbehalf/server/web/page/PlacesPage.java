package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the environments or pipelines there are.
 *
 * @param title what they are
 * @param here path of this page
 * @param groups in the order shown
 * @param next where the list goes on, a raw path after the context path; null for nowhere
 */
public record PlacesPage(String title, String here, List<Group> groups, @Nullable String next)
    implements Page {

  public PlacesPage {
    groups = List.copyOf(groups);
  }

  @Override
  public String template() {
    return "places";
  }

  /** Those of one sort; {@code heading} is empty where there is one alone. */
  public record Group(String heading, List<Place> places) {
    public Group {
      places = List.copyOf(places);
    }
  }

  /**
   * One environment or pipeline.
   *
   * @param path its page, a raw path after the context path
   * @param name its name
   * @param sender name of the credential that reports it
   */
  public record Place(String path, String name, String sender) {}
}
