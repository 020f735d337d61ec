package dev.onbehalf.delivery;

import java.util.Locale;
import java.util.Optional;

/** Where an issue key can come from. */
public enum KeySource {
  EXPLICIT,
  BRANCH,
  PULL_REQUEST_BRANCH,
  PULL_REQUEST_TITLE,
  PULL_REQUEST_DESCRIPTION,
  TAG,
  COMMIT;

  /** Returns the name in options and output, {@code pull-request-title} for instance. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the source with that {@link #word()}. */
  public static Optional<KeySource> of(String word) {
    return Words.find(values(), KeySource::word, word);
  }
}
