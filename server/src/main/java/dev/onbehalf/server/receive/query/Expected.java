package dev.onbehalf.server.receive.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may come next in a query.
 *
 * @param words words of the language
 * @param field the field of which a value may come; null for none
 */
record Expected(List<String> words, @Nullable Field field) {
  Expected {
    words = List.copyOf(words);
  }

  static Expected words(String... words) {
    return new Expected(List.of(words), null);
  }
}
