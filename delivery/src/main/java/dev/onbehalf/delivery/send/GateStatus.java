package dev.onbehalf.delivery.send;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the gate of a deployment says; {@code docs/peer-facts.md} 2.5.
 *
 * @param state the decision
 * @param issues the issues it hangs on, empty where the site names none
 */
public record GateStatus(State state, List<String> issues) {
  public GateStatus {
    issues = List.copyOf(issues);
  }

  /** The decisions a gate knows. */
  public enum State {
    ALLOWED,
    AWAITING,
    PREVENTED,
    EXPIRED,
    INVALID;

    /** Returns the word on the wire. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<State> of(String word) {
      return Arrays.stream(values()).filter(value -> value.word().equals(word)).findFirst();
    }
  }
}
