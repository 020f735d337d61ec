package dev.onbehalf.server.web;

import org.jspecify.annotations.Nullable;

/**
 * What the layout around every page needs.
 *
 * @param title title of the page
 * @param context raw context path of the application: empty, or starting with a slash
 * @param stylesheet path of the stylesheet
 * @param icon path of the icon
 * @param application name of the application; null on the administrator listener
 * @param viewer who is signed in; null for nobody
 */
public record Frame(
    String title,
    String context,
    String stylesheet,
    String icon,
    @Nullable String application,
    @Nullable Viewer viewer) {

  /** Returns {@code path}, a raw path after the context path, as browsers must ask for it. */
  public String path(String path) {
    return context + path;
  }

  /** Returns the path of one of our own pages, such as {@code "/tokens"}. */
  public String own(String path) {
    return context + Routes.OWN_PREFIX + path;
  }
}
