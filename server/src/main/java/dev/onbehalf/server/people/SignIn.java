package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.util.Optional;

/** Where a page or the data plane sends a person who must sign in first. */
public interface SignIn {

  /** Redirects to the sign-in page, which returns to {@code returnTo} (raw path and query). */
  WebResponse challenge(WebRequest request, String returnTo);

  /** The public sign-in URL, relative to the public URL, that returns to {@code returnTo}. */
  String path(String returnTo);

  /**
   * Asks somebody who is signed in for their password once more, before something a session alone
   * must not do; failures count and are recorded as those of sign-in.
   *
   * @return one sentence that says why not; empty if the password is right
   * @throws DirectoryException if the directory cannot answer now
   */
  Optional<String> confirm(WebRequest request, Person person, Secret password);
}
