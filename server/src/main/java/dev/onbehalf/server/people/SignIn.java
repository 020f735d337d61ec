package dev.onbehalf.server.people;

import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;

/** Where a page or the data plane sends a person who must sign in first. */
public interface SignIn {

  /** Redirects to the sign-in page, which returns to {@code returnTo} (raw path and query). */
  WebResponse challenge(WebRequest request, String returnTo);

  /** The public sign-in URL, relative to the public URL, that returns to {@code returnTo}. */
  String path(String returnTo);
}
