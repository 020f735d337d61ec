package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import org.jspecify.annotations.Nullable;

/**
 * Says how authorising a link ended.
 *
 * @param title a few words
 * @param sentence what happened
 * @param remedy what the reader can do about it; empty for nothing
 * @param action what the button says; null for no button
 * @param actionPath where it leads, a raw path and query after the context path
 * @param requestId what to give an administrator
 */
public record LinkPage(
    String title,
    String sentence,
    String remedy,
    @Nullable String action,
    String actionPath,
    String requestId)
    implements Page {
  @Override
  public String template() {
    return "link";
  }
}
