package dev.onbehalf.delivery;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** The words by which constants are known outside. */
final class Words {
  private Words() {}

  /** Returns the constant with that word, case-sensitive. */
  static <E> Optional<E> find(E[] constants, Function<E, String> word, String wanted) {
    return Arrays.stream(constants).filter(each -> word.apply(each).equals(wanted)).findFirst();
  }

  static <E> String[] all(E[] constants, Function<E, String> word) {
    return Arrays.stream(constants).map(word).toArray(String[]::new);
  }
}
