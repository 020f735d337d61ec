package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request token (temporary credentials, RFC 5849 section 2.1) as stored; its value is not.
 *
 * @param id our own id of it
 * @param consumerKey consumer it was given to
 * @param application application on whose URL it was asked for
 * @param secret its secret
 * @param callback where the person is sent back to; null for out-of-band and the legacy flow
 * @param legacy whether it belongs to an OAuth 1.0 dance, without verifier
 * @param state whether the person has decided
 * @param decision what the person granted; null unless {@link State#AUTHORIZED}
 * @param shownTo id of the session the consent page was last shown in; null before that
 * @param created when it was given
 * @param expires when it ends
 */
record RequestToken(
    String id,
    String consumerKey,
    String application,
    Secret secret,
    @Nullable String callback,
    boolean legacy,
    State state,
    @Nullable Decision decision,
    @Nullable String shownTo,
    Instant created,
    Instant expires) {

  enum State {
    UNDECIDED,
    AUTHORIZED,
    DENIED
  }

  boolean expiredAt(Instant now) {
    return !now.isBefore(expires);
  }
}
