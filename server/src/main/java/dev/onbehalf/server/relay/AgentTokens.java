package dev.onbehalf.server.relay;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives agents short-lived tokens for their secret and knows them again. A token is sealed and
 * holds all there is to know, so that every node accepts what another one gave and nothing is
 * stored.
 */
final class AgentTokens {
  static final Duration LIFE = Duration.ofMinutes(15);

  private static final String CONTEXT = "delivery-agent-token";
  private static final int LONGEST = 2_000;

  private final Map<String, RelaySettings.Agent> agents = new LinkedHashMap<>();
  private final Sealer sealer;
  private final InstantSource clock;

  AgentTokens(List<RelaySettings.Agent> agents, Sealer sealer, InstantSource clock) {
    agents.forEach(agent -> this.agents.put(agent.id(), agent));
    this.sealer = sealer;
    this.clock = clock;
  }

  /** Returns the agent of that id if the secret is its own. */
  Optional<RelaySettings.Agent> authenticate(String id, String secret) {
    RelaySettings.Agent agent = agents.get(id);
    byte[] expected = digest(agent == null ? "" : agent.secret().reveal());
    boolean same = MessageDigest.isEqual(expected, digest(secret));
    return agent != null && same ? Optional.of(agent) : Optional.empty();
  }

  String issue(RelaySettings.Agent agent) {
    long until = clock.instant().plus(LIFE).getEpochSecond();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(sealer.seal(Secret.of(until + " " + agent.id()), CONTEXT));
  }

  /** Returns the agent a token was given to, if it is still good and the agent still there. */
  Optional<RelaySettings.Agent> agentOf(String token) {
    if (token.isEmpty() || token.length() > LONGEST) {
      return Optional.empty();
    }
    String opened;
    try {
      opened = sealer.open(Base64.getUrlDecoder().decode(token), CONTEXT).reveal();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
    int space = opened.indexOf(' ');
    Instant until = Instant.ofEpochSecond(Long.parseLong(opened.substring(0, space)));
    return clock.instant().isBefore(until)
        ? Optional.ofNullable(agents.get(opened.substring(space + 1)))
        : Optional.empty();
  }

  static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
