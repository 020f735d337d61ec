package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;
import org.jspecify.annotations.Nullable;

/**
 * Asks for name and password. The form posts {@code csrf}, {@code returnTo}, {@code name} and
 * {@code password}.
 *
 * @param returnTo raw path and query to return to, checked before
 * @param name name to begin with; empty for none
 * @param problem why the last attempt failed; null for the first one
 * @param csrfToken token of this browser's pre-session
 */
public record SignInPage(String returnTo, String name, @Nullable String problem, String csrfToken)
    implements Page {
  @Override
  public String template() {
    return "sign-in";
  }

  @Override
  public String title() {
    return "Sign in";
  }

  @Override
  public String toString() {
    return "SignInPage[]";
  }
}
