package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Condition.Contains;
import dev.onbehalf.server.receive.query.Condition.Current;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Not;
import dev.onbehalf.server.receive.query.Condition.Or;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a condition as SQL over {@code e} (an entity), {@code p} (its pipeline), {@code v} (its
 * environment) and, where issues are asked for, {@code i} (one of its issues). What it writes is
 * never null, so that NOT is the exact opposite. What must be looked up is a query of one row and
 * not EXISTS, which PostgreSQL may answer by reading a whole table into a hash.
 */
final class Predicate {
  private static final String NOTHING = "1 = 0";
  private static final String NEWER =
      "(SELECT 1 FROM received_entity n WHERE n.environment_ref = %1$s.environment_ref"
          + " AND n.pipeline_ref = %1$s.pipeline_ref AND n.state = 'successful'"
          + " AND n.run_number > %1$s.run_number LIMIT 1)";
  private static final String IS_CURRENT =
      "(e.state = 'successful' AND e.environment_ref IS NOT NULL AND "
          + NEWER.formatted("e")
          + " IS NULL)";
  private static final String HAS_ISSUE =
      "((SELECT 1 FROM received_issue i WHERE i.entity_id = e.id%s LIMIT 1) IS NOT NULL)";

  /** Environments that are looked at one by one. */
  private static final int MOST_LOOKS = 16;

  private final Bindings bindings;
  private final Resolved resolved;
  private final boolean ofIssues;

  /**
   * Prepares to write.
   *
   * @param ofIssues whether each row is an entity with one of its issues, and not an entity
   */
  Predicate(Bindings bindings, Resolved resolved, boolean ofIssues) {
    this.bindings = bindings;
    this.resolved = resolved;
    this.ofIssues = ofIssues;
  }

  /**
   * What names mean: our own numbers of environments and senders, by name without case.
   *
   * @param ofTypes environments by their types, where they are few
   */
  record Resolved(
      Map<List<String>, List<Long>> environments,
      Map<List<String>, List<Long>> ofTypes,
      Map<List<String>, List<Long>> senders) {
    List<Long> environments(List<String> names) {
      return environments.getOrDefault(names, List.of());
    }

    List<Long> senders(List<String> names) {
      return senders.getOrDefault(names, List.of());
    }
  }

  String of(Condition condition) {
    if (condition instanceof And and) {
      return joined(and.parts(), " AND ");
    } else if (condition instanceof Or or) {
      return joined(or.parts(), " OR ");
    } else if (condition instanceof Not not) {
      return "NOT " + of(not.part());
    } else if (condition instanceof Match match) {
      return match(match);
    } else if (condition instanceof Contains contains) {
      return contains(contains);
    } else if (condition instanceof Compare compare) {
      return compare(compare);
    } else if (condition instanceof Current current) {
      return current.value() ? IS_CURRENT : "(v.id IS NOT NULL AND NOT " + IS_CURRENT + ")";
    }
    return in((In) condition);
  }

  private String joined(List<Condition> parts, String word) {
    return parts.stream().map(this::of).collect(Collectors.joining(word, "(", ")"));
  }

  private String match(Match match) {
    List<String> values = match.values();
    boolean negated = match.negated();
    return switch (match.field()) {
      case KIND -> "e.kind" + in(negated, values);
      case STATE -> "e.state" + in(negated, values);
      case NUMBER -> "e.run_number" + in(negated, numbers(values));
      case BUILD_NUMBER ->
          "(e.kind = 'builds' AND e.run_number" + in(negated, numbers(values)) + ")";
      case SENDER -> {
        List<Long> ids = resolved.senders(values);
        yield ids.isEmpty() ? negated ? "1 = 1" : NOTHING : "e.credential_id" + in(negated, ids);
      }
      case PIPELINE -> not(negated) + named("p", values);
      case ENVIRONMENT -> "(v.id IS NOT NULL AND " + not(negated) + named("v", values) + ")";
      case ENVIRONMENT_TYPE -> "(v.id IS NOT NULL AND v.type" + in(negated, values) + ")";
      case ISSUE -> issues(negated, "i.issue_key" + in(false, values));
      case PROJECT -> issues(negated, "i.project" + in(false, values));
      case CURRENT, UPDATED ->
          throw new IllegalStateException(match.field() + " has no values to be one of");
    };
  }

  private static List<Long> numbers(List<String> digits) {
    return digits.stream().map(Long::valueOf).toList();
  }

  private String in(boolean negated, List<?> values) {
    return (negated ? " NOT IN " : " IN ") + bindings.list(values);
  }

  private static String not(boolean negated) {
    return negated ? "NOT " : "";
  }

  private String named(String alias, List<String> names) {
    return "(%1$s.folded_id IN %2$s OR %1$s.folded_name IN %3$s)"
        .formatted(alias, bindings.list(names), bindings.list(names));
  }

  /** An issue of the row, or one of its issues, fulfils the condition; or none of them does. */
  private String issues(boolean negated, String condition) {
    if (ofIssues) {
      return not(negated) + "(" + condition + ")";
    }
    String some = HAS_ISSUE.formatted(" AND " + condition);
    return negated ? "(" + HAS_ISSUE.formatted("") + " AND NOT " + some + ")" : some;
  }

  private String contains(Contains contains) {
    String text = contains.text();
    return contains.field() == Field.PIPELINE
        ? within("p", text)
        : "(v.id IS NOT NULL AND " + within("v", text) + ")";
  }

  private String within(String alias, String text) {
    return "(POSITION(%2$s IN %1$s.folded_id) > 0 OR POSITION(%3$s IN %1$s.folded_name) > 0)"
        .formatted(alias, bindings.add(text), bindings.add(text));
  }

  private String compare(Compare compare) {
    String sign = compare.operator().word();
    String value = bindings.add(compare.value());
    return switch (compare.field()) {
      case UPDATED -> "e.updated_ms " + sign + " " + value;
      case BUILD_NUMBER -> "(e.kind = 'builds' AND e.run_number " + sign + " " + value + ")";
      default -> "e.run_number " + sign + " " + value;
    };
  }

  private String in(In in) {
    return issues(
        in.negated(), in.function().byType() ? ofTypes(in) : ofEnvironments(in, environments(in)));
  }

  private List<Long> environments(In in) {
    return resolved.environments(in.arguments());
  }

  private String ofTypes(In in) {
    List<Long> environments = resolved.ofTypes().get(in.arguments());
    if (environments != null) {
      return ofEnvironments(in, environments);
    }
    return there(
        in,
        " JOIN received_environment x ON x.id = d.environment_ref AND x.type"
            + in(false, in.arguments()),
        "");
  }

  /** One look down the index for each, since H2 takes a list for its first column alone. */
  private String ofEnvironments(In in, List<Long> environments) {
    if (environments.isEmpty()) {
      return NOTHING;
    }
    if (environments.size() > MOST_LOOKS) {
      return there(in, "", " AND d.environment_ref" + in(false, environments));
    }
    return environments.stream()
        .map(each -> there(in, "", " AND d.environment_ref = " + bindings.add(each)))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private static String there(In in, String join, String where) {
    boolean current = in.function().current();
    return "(SELECT 1 FROM received_issue d"
        + join
        + (current ? " JOIN received_entity y ON y.id = d.entity_id" : "")
        + " WHERE d.deployed_key = i.issue_key AND d.deployed = TRUE"
        + where
        + (current ? " AND " + NEWER.formatted("y") + " IS NULL" : "")
        + " LIMIT 1) IS NOT NULL";
  }
}
