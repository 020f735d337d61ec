package dev.onbehalf.delivery.send;

import java.util.List;

/**
 * A report the site rejected.
 *
 * @param report which one, for people
 * @param reasons the site's own words, at least one
 */
public record Rejection(String report, List<String> reasons) {
  public Rejection {
    reasons = List.copyOf(reasons);
  }
}
