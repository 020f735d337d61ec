package dev.onbehalf.server.people;

import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.Viewer;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Server-side browser sessions, found by cookie. */
public interface Sessions {

  /**
   * Finds the live session of a request; touches its idle limit.
   *
   * @throws DirectoryException if the person cannot be looked up now
   */
  Optional<Session> find(WebRequest request);

  /**
   * Finds the live session of a request that is to change something.
   *
   * @param undone a sentence that says what is not done where nobody is signed in
   * @param remedy what the person can do about it
   * @throws WebException 401 if there is none
   * @throws DirectoryException if the person cannot be looked up now
   */
  default Session require(WebRequest request, String undone, String remedy) {
    return find(request)
        .orElseThrow(() -> new WebException(401, "Please sign in first", undone, remedy));
  }

  /**
   * Finds the live session by the values of the {@code Cookie} headers; for the data plane.
   *
   * @param secure whether the site is https: then only the cookie bound to https counts
   * @param admits asked before each look-up in the database; where it says no, nothing is found
   * @throws DirectoryException if the person cannot be looked up now
   */
  Optional<Session> find(List<String> cookieHeaders, boolean secure, BooleanSupplier admits);

  /**
   * Whether {@link #find(List, boolean, BooleanSupplier)} is worth its cost: there is a cookie of
   * the right name and shape.
   */
  boolean mayFind(List<String> cookieHeaders, boolean secure);

  /**
   * Whether a session that was found has neither been ended nor reached a limit since, and its
   * person may still sign in; does not touch its idle limit. Takes a database look-up.
   *
   * @throws DirectoryException if the person cannot be looked up now
   */
  boolean lives(String sessionId);

  /** Whether {@code name} is the name of a cookie of our own, which never goes upstream. */
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
   * @param csrfToken what a form of this session must carry in the field {@value #CSRF_FIELD}
   */
  record Session(String id, Person person, String csrfToken) {
    /** Name of the form field that carries the token. */
    public static final String CSRF_FIELD = "csrf";

    /** Who looks at a page in this session. */
    public Viewer viewer() {
      return new Viewer(person.displayName(), csrfToken);
    }

    /**
     * Reads a form posted in this session.
     *
     * @throws WebException 403 if it does not carry the session's token, 400 or 415 if it cannot be
     *     read
     */
    public Form form(WebRequest request) {
      Form form = Form.body(request);
      if (CrossSite.claimed(request) || !matches(form.value(CSRF_FIELD).orElse(""))) {
        throw new WebException(
            403,
            "That form is no longer valid",
            "The form belongs to another or an ended session, so nothing was changed.",
            "Go back, reload the page and try again.");
      }
      return form;
    }

    private boolean matches(String given) {
      return MessageDigest.isEqual(
          csrfToken.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Session[" + id + "]";
    }
  }
}
