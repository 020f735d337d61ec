package dev.onbehalf.server.web;

/**
 * Who looks at a page, for the sign-out button of the layout.
 *
 * @param displayName name shown to people
 * @param csrfToken what the forms of this person's session must carry
 */
public record Viewer(String displayName, String csrfToken) {
  @Override
  public String toString() {
    return "Viewer[" + displayName + "]";
  }
}
