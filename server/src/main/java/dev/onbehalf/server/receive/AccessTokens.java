package dev.onbehalf.server.receive;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Sealer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives access tokens and knows them again. A token is sealed and says which credential it was
 * given to, for which secret and until when, so that every node knows what another one gave and
 * nothing is stored; whether credential and secret still count is looked up at every use.
 */
final class AccessTokens {
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final String CONTEXT = "receive-token";
  private static final String SCHEME = "bearer ";
  private static final int LONGEST = 1_000;

  private final Sealer sealer;
  private final InstantSource clock;

  AccessTokens(Sealer sealer, InstantSource clock) {
    this.sealer = sealer;
    this.clock = clock;
  }

  /** What a valid token says. */
  record Claim(String clientId, String secretId) {}

  String issue(String clientId, String secretId) {
    long until = clock.instant().plus(LIFE).getEpochSecond();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(sealer.seal(Secret.of(until + " " + clientId + " " + secretId), CONTEXT));
  }

  /** Returns what the bearer token of an {@code Authorization} header says, if it is good. */
  Optional<Claim> claimOf(@Nullable String authorization) {
    if (authorization == null
        || authorization.length() > LONGEST
        || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    String opened;
    try {
      byte[] sealed =
          Base64.getUrlDecoder().decode(authorization.substring(SCHEME.length()).strip());
      opened = sealer.open(sealed, CONTEXT).reveal();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
    String[] parts = opened.split(" ", -1);
    return clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0])))
        ? Optional.of(new Claim(parts[1], parts[2]))
        : Optional.empty();
  }
}
