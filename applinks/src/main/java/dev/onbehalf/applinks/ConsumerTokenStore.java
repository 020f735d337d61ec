package dev.onbehalf.applinks;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the tokens of each person for each link; a waiting request token beside a working access
 * token. What changes an access token names the one it means, so that a late answer never harms a
 * newer one. Implementations are safe for several threads and throw unchecked exceptions when they
 * cannot reach their storage.
 */
public interface ConsumerTokenStore {

  /** Returns the person's access token; null where there is none. */
  @Nullable AccessToken accessToken(ApplicationId link, String person);

  /** Stores an access token in place of any other. */
  void putAccessToken(ApplicationId link, String person, AccessToken token);

  /** Replaces an access token if {@code expected} is still there; returns whether it was. */
  boolean replaceAccessToken(
      ApplicationId link, String person, AccessToken expected, AccessToken replacement);

  /** Removes an access token if {@code expected} is still there; returns whether it was. */
  boolean removeAccessToken(ApplicationId link, String person, AccessToken expected);

  /** Returns the person's waiting request token; null where there is none. */
  @Nullable RequestToken requestToken(ApplicationId link, String person);

  /** Stores a request token in place of any other. */
  void putRequestToken(ApplicationId link, String person, RequestToken token);

  /** Removes a request token if {@code expected} is still there; returns whether it was. */
  boolean removeRequestToken(ApplicationId link, String person, RequestToken expected);

  /** Removes all tokens of a link. */
  void removeAll(ApplicationId link);
}
