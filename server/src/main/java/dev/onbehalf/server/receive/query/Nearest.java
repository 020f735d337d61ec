package dev.onbehalf.server.receive.query;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody may have meant. */
final class Nearest {
  private static final int LONGEST = 40;

  private Nearest() {}

  /** Returns the candidate that is a typing error or two away, or that the word begins. */
  static Optional<String> of(String word, Collection<String> candidates) {
    String wanted = folded(word);
    String best = null;
    int least = Math.max(1, wanted.length() / 3) + 1;
    for (String candidate : candidates) {
      String other = folded(candidate);
      int distance =
          wanted.length() >= 3 && other.startsWith(wanted) ? 1 : distance(wanted, other, least);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Returns {@code "; did you mean x?"}, or the empty text. */
  static String hint(String word, Collection<String> candidates) {
    return of(word, candidates).map(found -> " Did you mean " + found + "?").orElse("");
  }

  private static String folded(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.length() > LONGEST ? lower.substring(0, LONGEST) : lower;
  }

  /** The number of characters to change, add or leave out; {@code most} for that many or more. */
  private static int distance(String one, String two, int most) {
    if (Math.abs(one.length() - two.length()) >= most) {
      return most;
    }
    int[] before = new int[two.length() + 1];
    int[] row = new int[two.length() + 1];
    for (int j = 0; j <= two.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= two.length(); j++) {
        int changed = before[j - 1] + (one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(before[j], row[j - 1]) + 1);
      }
      int[] spare = before;
      before = row;
      row = spare;
    }
    return before[two.length()];
  }
}
