package dev.onbehalf.applinks;

import java.net.URI;

/** Knows where a person allows requests in their name. */
public interface AuthorisationURIGenerator {

  /**
   * Returns the address the person has to open. Unless the links have an authorisation page of
   * their own, a request token is fetched for it, and the peer shows the person a code for {@link
   * LoginDance#finish(String)}.
   *
   * @throws ResponseException if the peer gives no request token
   */
  URI getAuthorisationURI() throws ResponseException;

  /**
   * Returns the address the person has to open, from which they return to {@code callback}.
   *
   * @param callback absolute http or https URL
   * @throws ResponseException if the peer gives no request token
   */
  URI getAuthorisationURI(URI callback) throws ResponseException;
}
