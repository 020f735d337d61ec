package dev.onbehalf.server.config;

import java.time.Duration;
import java.util.List;

/**
 * Lifetimes and limits of the OAuth provider ({@code docs/peer-facts.md} 1.5 and 1.7).
 *
 * @param timestampWindow how far a request's timestamp may be off, either way
 * @param requestTokenLife life of a request token
 * @param accessTokenLife life of an access token
 * @param sessionLife how long after its last renewal a token may be renewed
 * @param idleLimit how long an access token may stay unused
 * @param protectedUsers names of people whom only consumers that say so may impersonate
 * @param protectedGroups groups of such people
 * @param rsa who computes RSA
 */
public record ProviderConfig(
    Duration timestampWindow,
    Duration requestTokenLife,
    Duration accessTokenLife,
    Duration sessionLife,
    Duration idleLimit,
    List<String> protectedUsers,
    List<String> protectedGroups,
    Rsa rsa) {

  /** Who computes RSA: this Java, or native code where it loads. */
  public enum Rsa {
    JAVA,
    NATIVE
  }

  public ProviderConfig {
    protectedUsers = List.copyOf(protectedUsers);
    protectedGroups = List.copyOf(protectedGroups);
  }

  /** Lifetimes alone, with nobody protected and RSA by this Java. */
  public ProviderConfig(
      Duration timestampWindow,
      Duration requestTokenLife,
      Duration accessTokenLife,
      Duration sessionLife,
      Duration idleLimit) {
    this(
        timestampWindow,
        requestTokenLife,
        accessTokenLife,
        sessionLife,
        idleLimit,
        List.of(),
        List.of(),
        Rsa.JAVA);
  }
}
