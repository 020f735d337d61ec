package dev.onbehalf.delivery;

import java.util.ArrayList;
import java.util.List;

/**
 * The issue keys found, and what was left out.
 *
 * @param found the keys kept, in the order found
 * @param ignored keys of projects denied or not allowed
 * @param overLimit keys left out because {@code limit} keys came before them
 * @param limit how many keys are kept
 */
public record FoundKeys(List<Key> found, List<String> ignored, List<String> overLimit, int limit) {
  private static final int SHOWN = 10;

  public FoundKeys {
    found = List.copyOf(found);
    ignored = List.copyOf(ignored);
    overLimit = List.copyOf(overLimit);
  }

  /** Returns the keys alone. */
  public List<String> keys() {
    return found.stream().map(Key::key).toList();
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** Returns a sentence for each thing a person must know of; empty where all keys were kept. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (!overLimit.isEmpty()) {
      warnings.add(
          "%d issue keys were found and only the first %d are sent; left out: %s%s."
              .formatted(
                  found.size() + overLimit.size(),
                  limit,
                  String.join(", ", overLimit.subList(0, Math.min(SHOWN, overLimit.size()))),
                  overLimit.size() > SHOWN ? " and more" : ""));
    }
    return warnings;
  }

  /**
   * A key and where it was first found.
   *
   * @param key the key, in capitals
   * @param source the kind of text
   * @param where which text
   */
  public record Key(String key, KeySource source, String where) {}
}
