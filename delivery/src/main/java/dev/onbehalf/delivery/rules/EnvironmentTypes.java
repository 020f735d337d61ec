package dev.onbehalf.delivery.rules;

import com.google.re2j.Pattern;
import dev.onbehalf.delivery.EnvironmentType;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells the type of an environment from its name: by an administrator's patterns, then by whole
 * words that everybody uses alike. Production is never guessed: only a pattern makes it.
 */
public final class EnvironmentTypes {
  private static final Map<String, EnvironmentType> WORDS =
      Map.ofEntries(
          Map.entry("dev", EnvironmentType.DEVELOPMENT),
          Map.entry("develop", EnvironmentType.DEVELOPMENT),
          Map.entry("development", EnvironmentType.DEVELOPMENT),
          Map.entry("test", EnvironmentType.TESTING),
          Map.entry("testing", EnvironmentType.TESTING),
          Map.entry("qa", EnvironmentType.TESTING),
          Map.entry("uat", EnvironmentType.TESTING),
          Map.entry("sit", EnvironmentType.TESTING),
          Map.entry("integration", EnvironmentType.TESTING),
          Map.entry("acceptance", EnvironmentType.TESTING),
          Map.entry("stg", EnvironmentType.STAGING),
          Map.entry("stage", EnvironmentType.STAGING),
          Map.entry("staging", EnvironmentType.STAGING),
          Map.entry("preprod", EnvironmentType.STAGING));

  private final Map<EnvironmentType, List<Pattern>> patterns;

  private EnvironmentTypes(Map<EnvironmentType, List<Pattern>> patterns) {
    this.patterns = patterns;
  }

  /**
   * Takes, for each type, regular expressions (RE2 syntax) that match a whole name in any case; the
   * types are tried in the order of {@link EnvironmentType}. Throws {@link
   * IllegalArgumentException} for an expression that cannot be read.
   */
  public static EnvironmentTypes of(Map<EnvironmentType, List<String>> expressions) {
    Map<EnvironmentType, List<Pattern>> patterns = new EnumMap<>(EnvironmentType.class);
    expressions.forEach(
        (type, list) ->
            patterns.put(
                type,
                list.stream().map(text -> Rule.compile(text, Pattern.CASE_INSENSITIVE)).toList()));
    return new EnvironmentTypes(patterns);
  }

  /** Returns the type; {@code UNMAPPED} where nothing or several things speak for one. */
  public EnvironmentType typeOf(String name) {
    for (EnvironmentType type : EnvironmentType.values()) {
      if (patterns.getOrDefault(type, List.of()).stream()
          .anyMatch(pattern -> pattern.matches(name))) {
        return type;
      }
    }
    Set<EnvironmentType> found = EnumSet.noneOf(EnvironmentType.class);
    for (String word : name.toLowerCase(Locale.ROOT).split("[^\\p{L}]+", -1)) {
      EnvironmentType type = WORDS.get(word);
      if (type != null) {
        found.add(type);
      } else if (Set.of("prod", "prd", "production", "live", "pre", "non", "no").contains(word)) {
        return EnvironmentType.UNMAPPED;
      }
    }
    return found.size() == 1 ? found.iterator().next() : EnvironmentType.UNMAPPED;
  }
}
