package dev.onbehalf.delivery;

import java.util.Locale;
import java.util.Optional;

/** The states a build can have, {@code docs/peer-facts.md} 2.4. */
public enum BuildState {
  PENDING,
  IN_PROGRESS,
  SUCCESSFUL,
  FAILED,
  CANCELLED,
  UNKNOWN;

  /** Returns the word on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the constant with that {@link #word()}, case-sensitive. */
  public static Optional<BuildState> of(String word) {
    return Words.find(values(), BuildState::word, word);
  }

  static String[] words() {
    return Words.all(values(), BuildState::word);
  }
}
