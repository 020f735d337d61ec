package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import org.jspecify.annotations.Nullable;

/**
 * Shows an issue or a project in a frame of another site's page.
 *
 * @param title key of the issue or project
 * @param path the page that shows it whole, a raw path after the context path
 * @param issue what is shown of an issue; null for none
 * @param board what is shown of a project; null for none, and with no issue where nobody is signed
 *     in
 */
public record PanelPage(
    String title, String path, @Nullable IssuePage issue, @Nullable BoardPage board)
    implements Page {

  @Override
  public String template() {
    return "panel";
  }
}
