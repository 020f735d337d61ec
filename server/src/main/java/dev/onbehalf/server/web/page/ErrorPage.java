package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;

/**
 * Says what went wrong.
 *
 * @param title a few words
 * @param sentence what happened, in one sentence
 * @param remedy what the reader can do about it; empty for nothing
 * @param requestId what to give an administrator
 */
public record ErrorPage(String title, String sentence, String remedy, String requestId)
    implements Page {
  @Override
  public String template() {
    return "error";
  }
}
