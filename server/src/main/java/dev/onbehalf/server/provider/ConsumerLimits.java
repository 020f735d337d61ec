package dev.onbehalf.server.provider;

import dev.onbehalf.server.access.ImpersonationLimits;
import dev.onbehalf.server.access.Permissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The least privilege of a consumer.
 *
 * @param permissions what its requests may do
 * @param impersonation whom it may impersonate
 * @param tokenLife highest life of a token; null leaves it to the configuration
 * @param idleLimit how long a token may stay unused; null leaves it to the configuration
 */
public record ConsumerLimits(
    Permissions permissions,
    ImpersonationLimits impersonation,
    @Nullable Duration tokenLife,
    @Nullable Duration idleLimit) {
  /** No limits of its own. */
  public static final ConsumerLimits NONE =
      new ConsumerLimits(Permissions.EVERYTHING, ImpersonationLimits.DEFAULT, null, null);

  private static final Duration SHORTEST = Duration.ofMinutes(5);

  public ConsumerLimits {
    requireSensible("token life", tokenLife);
    requireSensible("idle limit", idleLimit);
  }

  private static void requireSensible(String what, @Nullable Duration value) {
    if (value != null && value.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("The " + what + " must be at least 5 minutes.");
    }
  }
}
