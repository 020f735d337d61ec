package dev.onbehalf.delivery;

import java.util.Locale;
import java.util.Optional;

/** The types of environment Jira tells apart, {@code docs/peer-facts.md} 2.5. */
public enum EnvironmentType {
  UNMAPPED,
  DEVELOPMENT,
  TESTING,
  STAGING,
  PRODUCTION;

  /** Returns the word on the wire. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the constant with that {@link #word()}, case-sensitive. */
  public static Optional<EnvironmentType> of(String word) {
    return Words.find(values(), EnvironmentType::word, word);
  }

  static String[] words() {
    return Words.all(values(), EnvironmentType::word);
  }
}
