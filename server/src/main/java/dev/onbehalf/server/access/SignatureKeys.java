package dev.onbehalf.server.access;

import dev.onbehalf.oauth1.VerificationKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys a diagnosis may hold a refused signature against. */
public interface SignatureKeys {

  /**
   * A live key or secret of a consumer.
   *
   * @param consumerKey whose it is
   * @param key verifies signatures made with it
   * @param publicKey the public key itself; null for a shared secret
   */
  record Candidate(String consumerKey, VerificationKey key, @Nullable RSAPublicKey publicKey) {}

  /**
   * Returns the live keys and secrets of every consumer, bound to the token's secret where they are
   * shared secrets.
   *
   * @param token value of {@code oauth_token}; null or empty for none
   * @throws RuntimeException if the store cannot answer now
   */
  List<Candidate> candidates(@Nullable String token);
}
