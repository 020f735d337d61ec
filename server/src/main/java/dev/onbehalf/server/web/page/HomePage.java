package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a person lands without anywhere else to go, signed in or out.
 *
 * @param personName who is signed in; null for nobody
 * @param notice what has just happened; null for nothing
 * @param links where a signed-in person may go from here
 */
public record HomePage(@Nullable String personName, @Nullable String notice, List<Link> links)
    implements Page {

  public HomePage {
    links = List.copyOf(links);
  }

  @Override
  public String template() {
    return "home";
  }

  @Override
  public String title() {
    return personName == null ? "Signed out" : "Signed in";
  }

  /**
   * A place to go.
   *
   * @param path raw path after the context path
   * @param label what the link says
   * @param hint what is there, one sentence
   */
  public record Link(String path, String label, String hint) {}
}
