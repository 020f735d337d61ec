package dev.onbehalf.server.people;

import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.util.List;
import java.util.Optional;

/** Server-side browser sessions, found by cookie. */
public interface Sessions {

  /** Finds the live session of a request; touches its idle limit. */
  Optional<Session> find(WebRequest request);

  /** Finds the live session by the values of the {@code Cookie} headers; for the data plane. */
  Optional<Session> find(List<String> cookieHeaders);

  /** Whether {@code name} is the name of our own cookie, which never goes upstream. */
  boolean ownCookie(String name);

  /**
   * Starts a session for {@code person}, ends the one the request came with, and sets the cookie.
   */
  WebResponse signIn(WebRequest request, Person person, WebResponse response);

  /** Ends the session of a request and clears the cookie. */
  WebResponse signOut(WebRequest request, WebResponse response);

  /** Ends every session of a person. */
  void endAll(String personName);

  /**
   * A live session.
   *
   * @param id our own id of it, not the cookie's value
   * @param person who signed in, looked up anew at most a few seconds ago
   * @param csrfToken what a form of this session must carry
   */
  record Session(String id, Person person, String csrfToken) {}
}
