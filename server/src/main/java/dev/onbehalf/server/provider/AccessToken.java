package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.Permissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An access token (token credentials, RFC 5849 section 2.3) that a person granted, without its
 * value and secret. The id stays the same when the token is renewed.
 *
 * @param id our own id of it
 * @param consumerKey consumer it was given to
 * @param application the one application it is good for
 * @param person user name of who granted it
 * @param personIdentity what stays that person's when the name is given to somebody else
 * @param permissions narrower permissions than the consumer's; null for those of the consumer
 * @param granted when the person granted it
 * @param renewed when it was given or last renewed
 * @param expires when it ends
 * @param sessionExpires until when it may be renewed
 * @param grantEnds when the grant itself ends, whatever is renewed; null where the person set no
 *     end
 * @param lastUsed when it was last used, to about a minute; null before that
 */
public record AccessToken(
    String id,
    String consumerKey,
    String application,
    String person,
    String personIdentity,
    @Nullable Permissions permissions,
    Instant granted,
    Instant renewed,
    Instant expires,
    Instant sessionExpires,
    @Nullable Instant grantEnds,
    @Nullable Instant lastUsed) {

  boolean expiredAt(Instant now) {
    return !now.isBefore(expires);
  }

  /** When it was last of use to anybody. */
  Instant lastTouched() {
    return lastUsed != null && lastUsed.isAfter(renewed) ? lastUsed : renewed;
  }

  boolean renewableAt(Instant now) {
    return now.isBefore(sessionExpires);
  }
}
