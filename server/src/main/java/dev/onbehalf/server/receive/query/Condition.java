package dev.onbehalf.server.receive.query;

import java.util.List;

/**
 * What a build or deployment must be like to be found. A field that it does not have, such as the
 * environment of a build, fulfils no comparison, negated ones included; {@link Not} holds exactly
 * where its condition does not.
 */
sealed interface Condition {

  /** Whether it is about issues alone. */
  boolean ofIssuesAlone();

  /** All of them hold. */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean ofIssuesAlone() {
      return parts.stream().allMatch(Condition::ofIssuesAlone);
    }
  }

  /** One of them holds. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean ofIssuesAlone() {
      return parts.stream().allMatch(Condition::ofIssuesAlone);
    }
  }

  /** It does not hold. */
  record Not(Condition part) implements Condition {
    @Override
    public boolean ofIssuesAlone() {
      return part.ofIssuesAlone();
    }
  }

  /**
   * The field is one of the values, or is there and none of them.
   *
   * @param values as they are compared: words in their spelling, names without case, numbers in
   *     digits
   */
  record Match(Field field, boolean negated, List<String> values) implements Condition {
    public Match {
      values = List.copyOf(values);
    }

    @Override
    public boolean ofIssuesAlone() {
      return field.ofIssue();
    }
  }

  /** The name or id contains the text, without case. */
  record Contains(Field field, String text) implements Condition {
    @Override
    public boolean ofIssuesAlone() {
      return false;
    }
  }

  /** A number or a time in milliseconds, held against another one. */
  record Compare(Field field, Operator operator, long value) implements Condition {
    @Override
    public boolean ofIssuesAlone() {
      return false;
    }
  }

  /** It is what its pipeline has on its environment now, or it is a deployment that is not. */
  record Current(boolean value) implements Condition {
    @Override
    public boolean ofIssuesAlone() {
      return false;
    }
  }

  /** One of its issues is in the set; negated: it has issues, and none of them is. */
  record In(Function function, boolean negated, List<String> arguments) implements Condition {
    public In {
      arguments = List.copyOf(arguments);
    }

    @Override
    public boolean ofIssuesAlone() {
      return true;
    }
  }
}
