package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.VerificationKey;
import dev.onbehalf.server.access.SignatureKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consumer with its RSA keys prepared for many verifications. */
final class LiveConsumer {
  private final Consumer consumer;
  private final List<Prepared> prepared = new ArrayList<>(2);

  private record Prepared(String credentialId, VerificationKey key) {}

  LiveConsumer(Consumer consumer, RsaEngine engine) {
    this.consumer = consumer;
    for (ConsumerPublicKey key : consumer.publicKeys()) {
      prepared.add(
          new Prepared(
              key.id(), VerificationKey.rsa(consumer.signatureMethod(), key.key(), engine)));
    }
  }

  Consumer consumer() {
    return consumer;
  }

  /** Whether a key or secret is one of its live ones. */
  boolean has(String credentialId) {
    return consumer.publicKeys().stream().anyMatch(key -> key.id().equals(credentialId))
        || consumer.sharedSecrets().stream().anyMatch(secret -> secret.id().equals(credentialId));
  }

  /** Returns everything a signature of this consumer may be made with. */
  List<SignatureKeys.Candidate> candidates(Secret tokenSecret) {
    List<SignatureKeys.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < prepared.size(); i++) {
      candidates.add(
          new SignatureKeys.Candidate(
              consumer.key(), prepared.get(i).key(), consumer.publicKeys().get(i).key()));
    }
    for (ConsumerSecret secret : consumer.sharedSecrets()) {
      candidates.add(
          new SignatureKeys.Candidate(
              consumer.key(),
              VerificationKey.hmac(consumer.signatureMethod(), secret.value(), tokenSecret),
              null));
    }
    return candidates;
  }

  /**
   * Finds the key or secret a signature fits.
   *
   * @param tokenSecret empty where the request has no token; of no matter to RSA
   * @return its id; null where it fits none
   */
  @Nullable String matchingCredential(
      OAuthMessage message, String method, List<String> urls, Secret tokenSecret) {
    for (Prepared candidate : prepared) {
      if (SignatureVerifier.matchingUrl(message, method, urls, candidate.key()) != null) {
        return candidate.credentialId();
      }
    }
    for (ConsumerSecret secret : consumer.sharedSecrets()) {
      VerificationKey key =
          VerificationKey.hmac(consumer.signatureMethod(), secret.value(), tokenSecret);
      if (SignatureVerifier.matchingUrl(message, method, urls, key) != null) {
        return secret.id();
      }
    }
    return null;
  }
}
