package dev.onbehalf.delivery;

/**
 * One way in which a piece of JSON departs from its {@link Shape}.
 *
 * @param field where it does, as a path such as {@code pipeline.url}; empty for the whole
 * @param message one sentence that names the field, the limit and the value found
 */
public record Violation(String field, String message) {
  @Override
  public String toString() {
    return message;
  }
}
