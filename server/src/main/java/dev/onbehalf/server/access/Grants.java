package dev.onbehalf.server.access;

import java.util.List;
import java.util.Optional;

/** Where a policy reads what was granted to the caller of a signed request. */
public interface Grants {

  /**
   * Finds what limits {@code caller}; empty if its consumer or token has meanwhile gone.
   *
   * @throws IllegalStateException if the store cannot answer now
   */
  Optional<Grant> of(Caller caller);

  /**
   * What limits a caller.
   *
   * @param permissions the consumer's and, where the person granted less, the token's; a request
   *     must be allowed by every one of them
   * @param impersonation whom the consumer may impersonate
   */
  record Grant(List<Permissions> permissions, ImpersonationLimits impersonation) {
    public Grant {
      permissions = List.copyOf(permissions);
    }
  }
}
