package dev.onbehalf.delivery;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts of tests, none negative; {@code docs/peer-facts.md} 2.4.
 *
 * @param total all tests
 * @param passed those that passed
 * @param failed those that failed or broke
 * @param skipped those that did not run
 */
public record TestInfo(long total, long passed, long failed, long skipped) {
  public TestInfo {
    if (total < 0 || passed < 0 || failed < 0 || skipped < 0) {
      throw new IllegalArgumentException(
          "Counts of tests must not be negative: %d, %d, %d, %d."
              .formatted(total, passed, failed, skipped));
    }
  }

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("totalNumber", total)
        .put("numberPassed", passed)
        .put("numberFailed", failed)
        .put("numberSkipped", skipped);
  }
}
