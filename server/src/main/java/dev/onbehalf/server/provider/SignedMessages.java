package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthParameters;
import dev.onbehalf.oauth1.OAuthProblem;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.TimestampWindow;
import dev.onbehalf.oauth1.VerificationKey;
import dev.onbehalf.server.store.Nonces;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks who signed a message: method, version, timestamp, signature, and only then the nonce. Who
 * is unknown costs as much as who signs wrongly.
 */
final class SignedMessages {
  private final ConsumerCache consumers;
  private final Nonces nonces;
  private final TimestampWindow window;
  private final InstantSource clock;
  private final UsageLog usage;
  private final VerificationKey nobodysRsaKey;
  private final VerificationKey nobodysHmacKey;

  SignedMessages(
      ConsumerCache consumers,
      Nonces nonces,
      TimestampWindow window,
      InstantSource clock,
      UsageLog usage,
      RsaEngine engine,
      RSAPublicKey nobodysKey) {
    this.consumers = consumers;
    this.nonces = nonces;
    this.window = window;
    this.clock = clock;
    this.usage = usage;
    this.nobodysRsaKey = VerificationKey.rsa(SignatureMethod.RSA_SHA1, nobodysKey, engine);
    this.nobodysHmacKey =
        VerificationKey.hmac(
            SignatureMethod.HMAC_SHA1,
            Secret.of(RandomText.ofLength(32)),
            Secret.of(RandomText.ofLength(32)));
  }

  /** Whether checks take nothing from a database now. */
  boolean inMemory() {
    return consumers.isLoaded() && !nonces.waits();
  }

  /**
   * A request as it was sent.
   *
   * @param urls the URLs it may have been signed for
   */
  record Sent(OAuthMessage message, String method, List<String> urls) {}

  /** Finds a consumer by its key; null where there is none. */
  @Nullable LiveConsumer known(String consumerKey) {
    return consumers.find(consumerKey);
  }

  /**
   * Finds the consumer a message names.
   *
   * @throws OAuthProblemException {@code parameter_absent} or {@code consumer_key_unknown}, the
   *     latter as late as a wrong signature
   */
  LiveConsumer consumer(Sent sent) {
    String key = sent.message().consumerKey();
    if (key == null || key.isEmpty()) {
      throw OAuthProblemException.absent(OAuthParameters.CONSUMER_KEY);
    }
    LiveConsumer consumer = consumers.find(key);
    if (consumer == null) {
      verifyInVain(sent);
      throw new OAuthProblemException(OAuthProblem.CONSUMER_KEY_UNKNOWN);
    }
    return consumer;
  }

  /** The signature is right, but its consumer was not admitted; the nonce is not spent. */
  static final class NotAdmittedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAdmittedException() {
      super("The consumer was not admitted.", null, false, false);
    }
  }

  /** Does as {@link #verify(Sent, LiveConsumer, Secret, Predicate)} where everyone is admitted. */
  String verify(Sent sent, LiveConsumer consumer, Secret tokenSecret) {
    return verify(sent, consumer, tokenSecret, consumerKey -> true);
  }

  /**
   * Checks everything about the signature and spends the nonce; then the caller may be told more.
   *
   * @param tokenSecret empty where the request has no token
   * @param admits asked with the consumer's key between signature and nonce
   * @return our own id of the key or secret the signature fits
   * @throws NotAdmittedException if {@code admits} says no
   * @throws OAuthProblemException what is wrong with the message; {@code consumer_key_rejected}
   *     where all is right but the consumer is switched off
   * @throws IllegalStateException if the nonce cannot be recorded
   */
  String verify(Sent sent, LiveConsumer consumer, Secret tokenSecret, Predicate<String> admits) {
    Consumer record = consumer.consumer();
    OAuthMessage message = sent.message();
    SignatureVerifier.checkProtocol(message, record.signatureMethod());
    String nonce = message.nonce();
    if (nonce == null || nonce.isEmpty()) {
      throw OAuthProblemException.absent(OAuthParameters.NONCE);
    }
    long timestampSeconds = window.check(message);
    String credentialId =
        consumer.matchingCredential(message, sent.method(), sent.urls(), tokenSecret);
    if (credentialId == null) {
      throw new OAuthProblemException(OAuthProblem.SIGNATURE_INVALID);
    }
    if (!admits.test(record.key())) {
      throw new NotAdmittedException();
    }
    String token = message.token();
    if (!nonces.spend(record.key(), token == null ? "" : token, timestampSeconds, nonce)) {
      throw new OAuthProblemException(OAuthProblem.NONCE_USED);
    }
    usage.credentialUsed(credentialId, clock.instant());
    if (!record.enabled()) {
      throw new OAuthProblemException(
          OAuthProblem.CONSUMER_KEY_REJECTED, "The consumer is switched off.");
    }
    return credentialId;
  }

  /** Takes as long as a signature that does not fit. */
  void verifyInVain(Sent sent) {
    SignatureMethod named = SignatureMethod.named(sent.message().signatureMethod());
    VerificationKey key = named == null || named.isRsa() ? nobodysRsaKey : nobodysHmacKey;
    String fitting = SignatureVerifier.matchingUrl(sent.message(), sent.method(), sent.urls(), key);
    if (fitting != null) {
      throw new IllegalStateException("A signature was made with a key nobody has.");
    }
  }

  /** Returns a public key to which no private key was ever made. */
  static RSAPublicKey nobodysKey() {
    BigInteger modulus =
        new BigInteger(Keys.MIN_BITS, new SecureRandom()).setBit(Keys.MIN_BITS - 1).setBit(0);
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java lacks RSA.", e);
    }
  }
}
