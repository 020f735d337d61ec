package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** One person's access token for a link: found, renewed, given up. */
final class AccessTokens {
  private static final Duration EARLY = Duration.ofSeconds(30);

  private final ApplicationLinkDetails link;
  private final LinkContext context;
  private final String person;

  AccessTokens(ApplicationLinkDetails link, LinkContext context, String person) {
    this.link = link;
    this.context = context;
    this.person = person;
  }

  @Nullable AccessToken stored() {
    return context.tokens().accessToken(link.id(), person);
  }

  /** Returns the token to send, renewed where it is about to expire; null where there is none. */
  @Nullable AccessToken current() throws ResponseException {
    AccessToken token = stored();
    if (token == null || token.sessionHandle() == null) {
      return token;
    }
    Instant expiry = token.expiresAt();
    return expiry == null || context.clock().instant().isBefore(expiry.minus(EARLY))
        ? token
        : renew(token);
  }

  /**
   * Returns what to send in place of a token the peer no longer takes; null, and nothing stored,
   * where the person has to authorise again.
   */
  @Nullable AccessToken instead(AccessToken refused, boolean expired) throws ResponseException {
    AccessToken stored = stored();
    if (stored != null && !stored.value().equals(refused.value())) {
      return stored;
    }
    if (expired && refused.sessionHandle() != null) {
      return renew(refused);
    }
    context.tokens().removeAccessToken(link.id(), person, refused);
    return null;
  }

  private @Nullable AccessToken renew(AccessToken old) throws ResponseException {
    Lock lock = context.renewal(link.id(), person);
    lock.lock();
    try {
      AccessToken stored = stored();
      Secret handle = old.sessionHandle();
      if (stored == null || handle == null || !stored.value().equals(old.value())) {
        return stored;
      }
      AccessToken renewed = new TokenClient(link, context).renew(old, handle);
      return context.tokens().replaceAccessToken(link.id(), person, old, renewed)
          ? renewed
          : stored();
    } catch (AuthenticationResponseException e) {
      return afterRefusal(old, e);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable AccessToken afterRefusal(AccessToken old, AuthenticationResponseException e)
      throws AuthenticationResponseException {
    AccessToken stored = stored();
    if (stored != null && !stored.value().equals(old.value())) {
      return stored;
    }
    String problem = e.getProblem();
    if ("permission_denied".equals(problem)
        || "token_rejected".equals(problem)
        || "token_expired".equals(problem)
        || "token_revoked".equals(problem)) {
      context.tokens().removeAccessToken(link.id(), person, old);
      return null;
    }
    throw e;
  }
}
