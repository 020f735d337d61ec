package dev.onbehalf.delivery;

import java.util.Locale;
import java.util.Optional;

/** The states a deployment can have, {@code docs/peer-facts.md} 2.5. */
public enum DeploymentState {
  UNKNOWN,
  PENDING,
  IN_PROGRESS,
  CANCELLED,
  FAILED,
  ROLLED_BACK,
  SUCCESSFUL;

  /** Returns the word on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the constant with that {@link #word()}, case-sensitive. */
  public static Optional<DeploymentState> of(String word) {
    return Words.find(values(), DeploymentState::word, word);
  }

  static String[] words() {
    return Words.all(values(), DeploymentState::word);
  }
}
