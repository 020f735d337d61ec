package dev.onbehalf.server.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer or a token may do: whatever one of the sets or one of the rules allows.
 *
 * @param sets named sets
 * @param rules further rules
 */
public record Permissions(Set<PermissionSet> sets, List<AccessRule> rules) {
  /** Whatever the person may do. */
  public static final Permissions EVERYTHING =
      new Permissions(Set.of(PermissionSet.EVERYTHING), List.of());

  public Permissions {
    sets = Set.copyOf(sets);
    rules = List.copyOf(rules);
    if (sets.isEmpty() && rules.isEmpty()) {
      throw new IllegalArgumentException(
          "Permissions need at least one of everything, read-only, trigger-builds or a rule.");
    }
  }

  /**
   * Reads names of sets and rules.
   *
   * @throws IllegalArgumentException with one sentence naming the one that is neither
   */
  public static Permissions parse(Collection<String> texts) {
    Set<PermissionSet> sets = EnumSet.noneOf(PermissionSet.class);
    List<AccessRule> rules = new ArrayList<>();
    for (String text : texts) {
      PermissionSet set = named(text);
      if (set == null) {
        rules.add(AccessRule.parse(text));
      } else {
        sets.add(set);
      }
    }
    return new Permissions(sets, rules);
  }

  /** Returns what {@link #parse} reads, sets first. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    sets.stream().sorted().forEach(set -> texts.add(set.label()));
    rules.forEach(rule -> texts.add(rule.toString()));
    return texts;
  }

  /** Whether nothing is withheld. */
  public boolean unlimited() {
    return sets.contains(PermissionSet.EVERYTHING);
  }

  private static @Nullable PermissionSet named(String text) {
    for (PermissionSet set : PermissionSet.values()) {
      if (set.label().equals(text)) {
        return set;
      }
    }
    return null;
  }
}
