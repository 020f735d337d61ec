package dev.onbehalf.server.receive.query;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A set of issues that {@code issue IN} can name. */
enum Function {
  /** With a successful deployment to one of the environments. */
  DEPLOYED_TO("deployedTo", false, false),

  /** With a successful deployment to an environment of one of the types. */
  DEPLOYED_TO_TYPE("deployedToType", true, false),

  /** Of what is on one of the environments now. */
  CURRENTLY_ON("currentlyOn", false, true),

  /** Of what is on an environment of one of the types now. */
  CURRENTLY_ON_TYPE("currentlyOnType", true, true);

  private final String word;
  private final boolean byType;
  private final boolean current;

  Function(String word, boolean byType, boolean current) {
    this.word = word;
    this.byType = byType;
    this.current = current;
  }

  String word() {
    return word;
  }

  /** Whether its arguments are types of environments, and not environments. */
  boolean byType() {
    return byType;
  }

  /** Whether only what is there now counts. */
  boolean current() {
    return current;
  }

  /** The field whose values are its arguments. */
  Field argument() {
    return byType ? Field.ENVIRONMENT_TYPE : Field.ENVIRONMENT;
  }

  static Optional<Function> of(String word) {
    return Stream.of(values()).filter(each -> each.word.equalsIgnoreCase(word)).findFirst();
  }

  static List<String> allWords() {
    return Stream.of(values()).map(Function::word).toList();
  }
}
