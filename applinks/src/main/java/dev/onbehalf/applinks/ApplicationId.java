package dev.onbehalf.applinks;

import java.util.Objects;

/**
 * Names an application link; products use UUIDs.
 *
 * @param value 1 to 255 visible ASCII characters
 */
public record ApplicationId(String value) {
  private static final int MAX_CHARS = 255;

  public ApplicationId {
    Objects.requireNonNull(value, "value");
    if (value.isEmpty()
        || value.length() > MAX_CHARS
        || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "The identifier of a link has 1 to 255 visible ASCII characters, no blanks.");
    }
  }

  /** Returns the identifier as text. */
  public String get() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
