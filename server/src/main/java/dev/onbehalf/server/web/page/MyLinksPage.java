package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the applications a person can act in through this server. The forms post {@code csrf} and
 * {@code id}.
 *
 * @param links the links, in the order shown
 * @param notice what has just happened; null for nothing
 * @param action where the forms go, a raw path after the context path
 * @param csrfToken token of the person's session
 */
public record MyLinksPage(
    List<Entry> links, @Nullable String notice, String action, String csrfToken) implements Page {

  public MyLinksPage {
    links = List.copyOf(links);
  }

  @Override
  public String template() {
    return "links";
  }

  @Override
  public String title() {
    return "My links";
  }

  @Override
  public String toString() {
    return "MyLinksPage[" + links.size() + "]";
  }

  /**
   * One link.
   *
   * @param id by which forms name it
   * @param name by which people name it
   * @param url the application's address for browsers
   * @param authorised whether the person has allowed it
   * @param authorisePath where the person allows it, a raw path and query after the context path
   */
  public record Entry(
      String id, String name, String url, boolean authorised, String authorisePath) {}
}
