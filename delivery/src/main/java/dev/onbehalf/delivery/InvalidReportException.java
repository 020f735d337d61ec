package dev.onbehalf.delivery;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by the {@code build()} methods when a report breaks the limits of its data type. */
public final class InvalidReportException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Violation> violations;

  InvalidReportException(String what, List<Violation> violations) {
    super(
        violations.stream()
            .map(Violation::message)
            .collect(Collectors.joining("; ", what + " is not valid: ", "")));
    this.violations = List.copyOf(violations);
  }

  /** Returns what is wrong, at least one entry. */
  public List<Violation> violations() {
    return violations;
  }
}
