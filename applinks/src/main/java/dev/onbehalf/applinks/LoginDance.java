package dev.onbehalf.applinks;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets the acting person authorise a link (RFC 5849 section 2, {@code docs/peer-facts.md} 1.11). A
 * working access token stays until another one takes its place.
 */
public final class LoginDance {
  private final ApplicationLinkDetails link;
  private final LinkContext context;
  private final String person;

  LoginDance(ApplicationLinkDetails link, LinkContext context, String person) {
    this.link = link;
    this.context = context;
    this.person = person;
  }

  /**
   * Fetches a request token and returns the peer's page on which the person decides; from there
   * they are sent to {@code callback} with {@code oauth_token} and {@code oauth_verifier}.
   *
   * @param callback absolute http or https URL
   * @throws ResponseException if the peer gives no request token
   */
  public URI start(URI callback) throws ResponseException {
    Objects.requireNonNull(callback, "callback");
    return open(new TokenClient(link, context).requestToken(LinkUrl.absolute(callback.toString())));
  }

  /**
   * As {@link #start(URI)}, for a program nobody can be sent back to: the peer shows the person a
   * code.
   *
   * @throws ResponseException if the peer gives no request token
   */
  public URI startOutOfBand() throws ResponseException {
    return open(new TokenClient(link, context).requestToken(null));
  }

  private URI open(RequestToken token) {
    context.tokens().putRequestToken(link.id(), person, token);
    return LinkUrl.withQuery(
        link.authorizeUrl(), List.of(new LinkUrl.Parameter("oauth_token", token.value())));
  }

  /**
   * Finishes what {@link #start} began, with what the person brought back.
   *
   * @param token {@code oauth_token} of the callback
   * @param verifier {@code oauth_verifier} of the callback
   * @throws ResponseException if the token is not the one that waits for this person, or the peer
   *     gives no access token
   */
  public void finish(String token, String verifier) throws ResponseException {
    RequestToken waiting = waiting();
    if (!MessageDigest.isEqual(
        waiting.value().getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8))) {
      throw new ResponseException(
          LinkError.LOCAL_AUTH_TOKEN_REQUIRED,
          "This authorisation of the link '"
              + link.name()
              + "' was not begun by this person, or another one was begun since. Start it again.",
          null);
    }
    exchange(waiting, verifier);
  }

  /**
   * Finishes what {@link #startOutOfBand} began.
   *
   * @param code what the peer showed the person; blanks around it do not matter
   * @throws ResponseException if nothing waits for a code, or the peer gives no access token
   */
  public void finish(String code) throws ResponseException {
    RequestToken waiting = waiting();
    if (!waiting.outOfBand()) {
      throw new ResponseException(
          LinkError.LOCAL_AUTH_TOKEN_REQUIRED,
          "The authorisation of the link '"
              + link.name()
              + "' ends at its callback, not with a code. Start it out of band.",
          null);
    }
    exchange(waiting, code.strip());
  }

  private RequestToken waiting() throws ResponseException {
    RequestToken waiting = context.tokens().requestToken(link.id(), person);
    if (waiting == null) {
      throw new ResponseException(
          LinkError.LOCAL_AUTH_TOKEN_REQUIRED,
          "No authorisation of the link '" + link.name() + "' waits for this person. Start one.",
          null);
    }
    return waiting;
  }

  private void exchange(RequestToken waiting, String verifier) throws ResponseException {
    AccessToken token;
    try {
      token = new TokenClient(link, context).accessToken(waiting, verifier);
    } catch (AuthenticationResponseException e) {
      if (isOver(e.getProblem())) {
        context.tokens().removeRequestToken(link.id(), person, waiting);
      }
      throw e;
    }
    context.tokens().putAccessToken(link.id(), person, token);
    context.tokens().removeRequestToken(link.id(), person, waiting);
  }

  private static boolean isOver(@Nullable String problem) {
    return "permission_denied".equals(problem)
        || "token_expired".equals(problem)
        || "token_used".equals(problem);
  }

  /** Returns whether the person has a token, which the peer may have revoked since. */
  public boolean isAuthorised() {
    return context.tokens().accessToken(link.id(), person) != null;
  }

  /** Forgets the person's tokens here; the peer keeps its own until the person revokes it there. */
  public void forget() {
    AccessToken access = context.tokens().accessToken(link.id(), person);
    if (access != null) {
      context.tokens().removeAccessToken(link.id(), person, access);
    }
    RequestToken waiting = context.tokens().requestToken(link.id(), person);
    if (waiting != null) {
      context.tokens().removeRequestToken(link.id(), person, waiting);
    }
  }
}
