package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.config.ProviderConfig;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Consumers, keys and settings that tests share. */
final class Fixtures {
  static final KeyPair RSA = Keys.generate(2048);
  static final KeyPair OTHER_RSA = Keys.generate(2048);
  static final Secret SHARED = Secret.of("shared-secret-of-a-test");
  static final String CALLBACK = "http://consumer.example.com/callback";
  static final ProviderConfig CONFIG =
      new ProviderConfig(
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofDays(5 * 365),
          Duration.ofDays(5 * 365 + 30),
          Duration.ofDays(400));

  private Fixtures() {}

  static RSAPublicKey publicKey() {
    return (RSAPublicKey) RSA.getPublic();
  }

  static RSAPublicKey otherPublicKey() {
    return (RSAPublicKey) OTHER_RSA.getPublic();
  }

  static Signer rsaSigner(String key) {
    return Signer.rsa(SignatureMethod.RSA_SHA1, key, RSA.getPrivate());
  }

  static Signer hmacSigner(String key) {
    return Signer.hmac(SignatureMethod.HMAC_SHA1, key, SHARED);
  }

  /** A consumer that signs by HMAC-SHA1, as Atlassian's generic links do. */
  static ConsumerBuilder hmac(String key, Instant now) {
    return new ConsumerBuilder(key, now)
        .name("Consumer " + key)
        .signatureMethod(SignatureMethod.HMAC_SHA1)
        .sharedSecret(SHARED)
        .callbacks(List.of(CALLBACK));
  }

  /** A consumer that signs by RSA-SHA1, as Atlassian products do. */
  static ConsumerBuilder rsa(String key, Instant now) {
    return new ConsumerBuilder(key, now)
        .name("Consumer " + key)
        .publicKey(publicKey())
        .callbacks(List.of(CALLBACK));
  }
}
