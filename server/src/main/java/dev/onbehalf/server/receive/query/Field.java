package dev.onbehalf.server.receive.query;

import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.DeploymentState;
import dev.onbehalf.delivery.EnvironmentType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a query can ask for. */
enum Field {
  KIND("kind", Asked.BY_WORD, "type"),
  ISSUE("issue", Asked.BY_WORD, "issueKey", "key"),
  PROJECT("project", Asked.BY_WORD),
  PIPELINE("pipeline", Asked.BY_TEXT),
  STATE("state", Asked.BY_WORD, "status"),
  ENVIRONMENT("environment", Asked.BY_TEXT),
  ENVIRONMENT_TYPE("environmentType", Asked.BY_WORD),
  CURRENT("current", Asked.BY_TRUTH),
  UPDATED("updated", Asked.BY_TIME),
  NUMBER("number", Asked.BY_NUMBER),
  BUILD_NUMBER("buildNumber", Asked.BY_NUMBER),
  SENDER("sender", Asked.BY_WORD);

  /** Every state a build or deployment can have. */
  static final List<String> STATES =
      Stream.concat(
              Stream.of(BuildState.values()).map(BuildState::word),
              Stream.of(DeploymentState.values()).map(DeploymentState::word))
          .distinct()
          .toList();

  static final List<String> BUILD_STATES =
      Stream.of(BuildState.values()).map(BuildState::word).toList();
  static final List<String> DEPLOYMENT_STATES =
      Stream.of(DeploymentState.values()).map(DeploymentState::word).toList();
  static final List<String> TYPES =
      Stream.of(EnvironmentType.values()).map(EnvironmentType::word).toList();

  /** How values of a field compare. */
  enum Asked {
    BY_WORD(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN),
    BY_TEXT(Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN, Operator.CONTAINS),
    BY_NUMBER(
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.IN,
        Operator.NOT_IN,
        Operator.GREATER,
        Operator.AT_LEAST,
        Operator.LESS,
        Operator.AT_MOST),
    BY_TIME(Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST),
    BY_TRUTH(Operator.EQUAL, Operator.NOT_EQUAL);

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Operator> operators;

    Asked(Operator... operators) {
      this.operators = List.of(operators);
    }
  }

  private final String word;
  private final Asked asked;

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> others;

  Field(String word, Asked asked, String... others) {
    this.word = word;
    this.asked = asked;
    this.others = List.of(others);
  }

  String word() {
    return word;
  }

  List<Operator> operators() {
    return asked.operators;
  }

  /** Whether it is a property of an issue and not of a build or deployment. */
  boolean ofIssue() {
    return this == ISSUE || this == PROJECT;
  }

  /** Returns the words it can have, where they are fixed; empty where they are not. */
  List<String> words() {
    return switch (this) {
      case KIND -> List.of("build", "deployment");
      case STATE -> STATES;
      case ENVIRONMENT_TYPE -> TYPES;
      case CURRENT -> List.of("true", "false");
      default -> List.of();
    };
  }

  static Optional<Field> of(String word) {
    return Stream.of(values())
        .filter(
            field ->
                field.word.equalsIgnoreCase(word)
                    || field.others.stream().anyMatch(word::equalsIgnoreCase))
        .findFirst();
  }

  static List<String> allWords() {
    return Stream.of(values()).map(Field::word).toList();
  }
}
