package dev.onbehalf.server.receive.query;

import java.util.Optional;
import java.util.stream.Stream;

/** How a field is held against values. */
enum Operator {
  EQUAL("="),
  NOT_EQUAL("!="),
  IN("IN"),
  NOT_IN("NOT IN"),
  GREATER(">"),
  AT_LEAST(">="),
  LESS("<"),
  AT_MOST("<="),
  CONTAINS("~");

  private final String word;

  Operator(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  boolean takesList() {
    return this == IN || this == NOT_IN;
  }

  boolean negated() {
    return this == NOT_EQUAL || this == NOT_IN;
  }

  static Optional<Operator> symbol(String text) {
    return Stream.of(values()).filter(each -> each.word.equals(text)).findFirst();
  }
}
