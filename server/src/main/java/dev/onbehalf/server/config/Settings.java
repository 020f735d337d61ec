package dev.onbehalf.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was set, by key, after the sources were laid over each other; later sources win. Collects
 * faults instead of stopping at the first.
 */
final class Settings {

  /** Where settings come from, the weakest first. */
  enum Rank {
    FILE,
    ENVIRONMENT,
    FLAG
  }

  /**
   * A value as it was written.
   *
   * @param key key of the option, without {@code -file}
   * @param fromFile whether the value is the path of a file that holds the secret
   * @param items the text, or the items of a list
   * @param place where it was written, for messages
   * @param base directory at which a relative path starts; null for the working directory
   */
  record Setting(
      String key,
      boolean fromFile,
      List<String> items,
      Rank rank,
      String place,
      @Nullable Path base) {
    String text() {
      return String.join(",", items);
    }

    Path path() {
      Path path = Path.of(text());
      return base == null ? path : base.resolve(path);
    }
  }

  private final Map<String, Setting> byKey = new TreeMap<>();
  private final Set<String> applications = new LinkedHashSet<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * Lays a value over what weaker sources said.
   *
   * @param list whether the value was written as a list
   */
  void put(
      String key, List<String> items, boolean list, Rank rank, String place, @Nullable Path base) {
    boolean fromFile = false;
    String stem0 = key;
    if (Options.find(key).isEmpty() && key.endsWith(Options.FILE)) {
      String stem = key.substring(0, key.length() - Options.FILE.length());
      if (Options.find(stem).map(Option::secret).orElse(false)) {
        fromFile = true;
        stem0 = stem;
      }
    }
    Option option = Options.find(stem0).orElse(null);
    if (option == null) {
      unknown(key, place);
      return;
    }
    if (list && !option.kind().list()) {
      fault(place, key + " takes one value, not a list.");
      return;
    }
    if (option.secret() && !fromFile && rank == Rank.FLAG) {
      fault(
          place,
          key
              + " must not be a flag, since other users of this machine can see it; use "
              + key
              + "-file or "
              + Options.environmentName(key)
              + ".");
      return;
    }
    Setting earlier = byKey.get(stem0);
    if (earlier != null && earlier.rank() == rank) {
      fault(place, key + " is set twice, first by " + earlier.place() + "; keep one.");
      return;
    }
    byKey.put(stem0, new Setting(stem0, fromFile, List.copyOf(items), rank, place, base));
    List<String> parts = Options.applicationParts(stem0);
    if (!parts.isEmpty()) {
      applications.add(parts.get(0));
    }
  }

  /** Notes an application, which shows in the order it was first named. */
  void application(String name) {
    applications.add(name);
  }

  Set<String> applications() {
    return applications;
  }

  @Nullable Setting get(String key) {
    return byKey.get(key);
  }

  void unknown(String key, String place) {
    String nearest = Options.nearest(key);
    fault(
        place,
        "'"
            + key
            + "' is not an option"
            + (nearest == null
                ? "; docs/options.md lists them."
                : "; did you mean '" + nearest + "'?"));
  }

  void fault(String place, String sentence) {
    faults.add(place + ": " + sentence);
  }

  List<String> faults() {
    return faults;
  }
}
