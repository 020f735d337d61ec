package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.ProviderConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes tokens with fresh values, secrets and lifetimes ({@code docs/peer-facts.md} 1.5). */
final class TokenFactory {
  static final int VERIFIER_LENGTH = 10;
  private static final int TOKEN_LENGTH = 32;

  private final InstantSource clock;
  private final ProviderConfig config;

  TokenFactory(InstantSource clock, ProviderConfig config) {
    this.clock = clock;
    this.config = config;
  }

  /**
   * A request token at the one moment its value is known.
   *
   * @param value what the consumer gets
   */
  record IssuedRequestToken(Secret value, RequestToken token) {}

  /**
   * An access token at the one moment its value is known.
   *
   * @param value what the consumer gets
   * @param secret its secret
   * @param handle the session handle by which it can be renewed
   */
  record IssuedAccessToken(Secret value, Secret secret, Secret handle, AccessToken token) {}

  /**
   * Makes a request token.
   *
   * @param callback null for out-of-band and the legacy flow
   */
  IssuedRequestToken requestToken(
      Consumer consumer, String application, @Nullable String callback, boolean legacy) {
    Objects.requireNonNull(consumer, "consumer");
    Instant now = now();
    return new IssuedRequestToken(
        text(TOKEN_LENGTH),
        new RequestToken(
            UUID.randomUUID().toString(),
            consumer.key(),
            application,
            text(TOKEN_LENGTH),
            callback,
            legacy,
            RequestToken.State.UNDECIDED,
            null,
            null,
            now,
            now.plus(config.requestTokenLife())));
  }

  Secret verifier() {
    return Secret.of(RandomText.typed(VERIFIER_LENGTH));
  }

  /**
   * Makes the access token for an authorised request token.
   *
   * @throws IllegalArgumentException if nobody authorised {@code request}
   */
  IssuedAccessToken accessToken(RequestToken request, Consumer consumer) {
    Decision decision = request.decision();
    if (request.state() != RequestToken.State.AUTHORIZED || decision == null) {
      throw new IllegalArgumentException("Nobody authorised this request token.");
    }
    Instant now = now();
    Instant grantEnds = grantEnds(now, consumer.limits().tokenLife(), decision.life());
    return issue(
        new AccessToken(
            UUID.randomUUID().toString(),
            consumer.key(),
            request.application(),
            decision.person(),
            decision.personIdentity(),
            decision.permissions(),
            now,
            now,
            earlier(now.plus(config.accessTokenLife()), grantEnds),
            earlier(now.plus(config.sessionLife()), grantEnds),
            grantEnds,
            null));
  }

  /** Makes what {@code token} is renewed to: new value, secret and handle, the grant's end kept. */
  IssuedAccessToken renewed(AccessToken token) {
    Instant now = now();
    return issue(
        new AccessToken(
            token.id(),
            token.consumerKey(),
            token.application(),
            token.person(),
            token.personIdentity(),
            token.permissions(),
            token.granted(),
            now,
            earlier(now.plus(config.accessTokenLife()), token.grantEnds()),
            earlier(now.plus(config.sessionLife()), token.grantEnds()),
            token.grantEnds(),
            token.lastUsed()));
  }

  /** How long tokens of {@code consumer} may stay unused. */
  Duration idleLimit(Consumer consumer) {
    Duration own = consumer.limits().idleLimit();
    return own == null || own.compareTo(config.idleLimit()) > 0 ? config.idleLimit() : own;
  }

  private static IssuedAccessToken issue(AccessToken token) {
    return new IssuedAccessToken(text(TOKEN_LENGTH), text(TOKEN_LENGTH), text(TOKEN_LENGTH), token);
  }

  private static @Nullable Instant grantEnds(
      Instant now, @Nullable Duration ofConsumer, @Nullable Duration ofPerson) {
    if (ofConsumer == null && ofPerson == null) {
      return null;
    }
    if (ofConsumer == null || (ofPerson != null && ofPerson.compareTo(ofConsumer) < 0)) {
      return now.plus(Objects.requireNonNull(ofPerson));
    }
    return now.plus(ofConsumer);
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private static Secret text(int length) {
    return Secret.of(RandomText.ofLength(length));
  }
}
