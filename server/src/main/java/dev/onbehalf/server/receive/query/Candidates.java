package dev.onbehalf.server.receive.query;

import static java.util.Comparator.naturalOrder;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.server.receive.IssueNumber;
import dev.onbehalf.server.receive.query.Branch.Access;
import dev.onbehalf.server.receive.query.Condition.And;
import dev.onbehalf.server.receive.query.Condition.Compare;
import dev.onbehalf.server.receive.query.Condition.Contains;
import dev.onbehalf.server.receive.query.Condition.Current;
import dev.onbehalf.server.receive.query.Condition.In;
import dev.onbehalf.server.receive.query.Condition.Match;
import dev.onbehalf.server.receive.query.Condition.Or;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds by which indexes the rows of a query can be reached: each way is a set of branches that
 * hold every row the condition holds for. There is always one, by kind and state.
 */
final class Candidates {
  /** Branches of one way: they are merged, so that each costs a page of its own. */
  static final int MOST_BRANCHES = 64;

  private final Names names;
  private final Set<KindAndState> kinds;
  private final boolean ofIssuesAlone;

  private record KindAndState(String kind, String state) {}

  private Candidates(Names names, Set<KindAndState> kinds, boolean ofIssuesAlone) {
    this.names = names;
    this.kinds = kinds;
    this.ofIssuesAlone = ofIssuesAlone;
  }

  /**
   * Returns the ways to the rows of a condition, the likely shortest first.
   *
   * @param conjuncts what must hold, all of it
   * @param ofIssues whether issues are asked for, and not builds and deployments
   */
  static List<List<Branch>> ways(Names names, List<Condition> conjuncts, boolean ofIssues) {
    Set<KindAndState> kinds = kinds(conjuncts);
    boolean alone = ofIssues && conjuncts.stream().allMatch(Condition::ofIssuesAlone);
    Candidates candidates = new Candidates(names, kinds, alone);
    List<List<Branch>> ways = new ArrayList<>();
    for (Condition conjunct : conjuncts) {
      candidates.way(conjunct).ifPresent(ways::add);
    }
    ways.add(
        kinds.stream()
            .map(each -> new Branch(Access.STATE, List.of(each.kind(), each.state())))
            .toList());
    ways.sort(Comparator.comparing(Candidates::last));
    return ways;
  }

  private static Access last(List<Branch> way) {
    return way.stream().map(Branch::access).max(naturalOrder()).orElse(Access.ISSUE);
  }

  /** Returns the condition as what must hold together. */
  static List<Condition> conjuncts(Condition condition) {
    if (condition instanceof And and) {
      return and.parts().stream().flatMap(part -> conjuncts(part).stream()).toList();
    }
    return List.of(condition);
  }

  private static Set<KindAndState> kinds(List<Condition> conjuncts) {
    Set<KindAndState> kinds = new LinkedHashSet<>();
    Field.BUILD_STATES.forEach(state -> kinds.add(new KindAndState("builds", state)));
    Field.DEPLOYMENT_STATES.forEach(state -> kinds.add(new KindAndState("deployments", state)));
    for (Condition conjunct : conjuncts) {
      if (conjunct instanceof Match match && match.field() == Field.KIND) {
        kinds.removeIf(each -> match.values().contains(each.kind()) == match.negated());
      } else if (conjunct instanceof Match match && match.field() == Field.STATE) {
        kinds.removeIf(each -> match.values().contains(each.state()) == match.negated());
      } else if (isOfDeployment(conjunct)) {
        kinds.removeIf(each -> !each.kind().equals(DataType.DEPLOYMENTS.name()));
      } else if (isOfBuild(conjunct)) {
        kinds.removeIf(each -> !each.kind().equals(DataType.BUILDS.name()));
      }
      if (conjunct instanceof Current current && current.value()) {
        kinds.removeIf(each -> !each.state().equals("successful"));
      }
    }
    return kinds;
  }

  private static boolean isOfDeployment(Condition condition) {
    return condition instanceof Current
        || (condition instanceof Match match
            && (match.field() == Field.ENVIRONMENT || match.field() == Field.ENVIRONMENT_TYPE))
        || (condition instanceof Contains contains && contains.field() == Field.ENVIRONMENT);
  }

  private static boolean isOfBuild(Condition condition) {
    return (condition instanceof Match match && match.field() == Field.BUILD_NUMBER)
        || (condition instanceof Compare compare && compare.field() == Field.BUILD_NUMBER);
  }

  private Optional<List<Branch>> way(Condition condition) {
    if (condition instanceof And and) {
      return and.parts().stream().flatMap(part -> way(part).stream()).findFirst();
    } else if (condition instanceof Or or) {
      List<Branch> all = new ArrayList<>();
      for (Condition part : or.parts()) {
        Optional<List<Branch>> way = way(part);
        if (way.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(way.get());
      }
      return few(all);
    } else if (condition instanceof Current current && current.value()) {
      return current();
    } else if (condition instanceof Match match && !match.negated()) {
      return match(match);
    } else if (condition instanceof In in && !in.negated() && ofIssuesAlone) {
      return in.function().current()
          ? current()
          : match(new Match(in.function().argument(), false, in.arguments()));
    }
    return Optional.empty();
  }

  private Optional<List<Branch>> current() {
    return names.fewPlaces()
        ? Optional.of(List.of(new Branch(Access.CURRENT, List.of())))
        : Optional.empty();
  }

  private Optional<List<Branch>> match(Match match) {
    return switch (match.field()) {
      case ISSUE -> few(ofIssues(match.values()));
      case PROJECT -> few(ofEachKind(Access.PROJECT, match.values()));
      case PIPELINE -> found(Access.PIPELINE, names.pipelines(match.values()));
      case ENVIRONMENT -> found(Access.ENVIRONMENT, names.environments(match.values()));
      case ENVIRONMENT_TYPE -> found(Access.ENVIRONMENT, names.environmentsOfType(match.values()));
      case SENDER -> found(Access.SENDER, names.senders(match.values()));
      default -> Optional.empty();
    };
  }

  private Optional<List<Branch>> found(Access access, Names.Found found) {
    if (!found.complete()) {
      return Optional.empty();
    }
    return few(
        access == Access.PIPELINE
            ? ofEachKind(access, found.ids())
            : found.ids().stream().map(id -> new Branch(access, List.of(id))).toList());
  }

  private List<Branch> ofIssues(List<String> keys) {
    List<Branch> branches = new ArrayList<>();
    for (String kind : kindNames()) {
      for (String key : new LinkedHashSet<>(keys)) {
        IssueNumber issue = IssueNumber.of(key);
        branches.add(new Branch(Access.ISSUE, List.of(issue.project(), issue.number(), kind)));
      }
    }
    return branches;
  }

  private List<String> kindNames() {
    return kinds.stream().map(KindAndState::kind).distinct().toList();
  }

  private List<Branch> ofEachKind(Access access, List<?> values) {
    List<Branch> branches = new ArrayList<>();
    for (String kind : kindNames()) {
      values.stream()
          .distinct()
          .forEach(value -> branches.add(new Branch(access, List.of(value, kind))));
    }
    return branches;
  }

  private static Optional<List<Branch>> few(List<Branch> branches) {
    return branches.size() <= MOST_BRANCHES ? Optional.of(branches) : Optional.empty();
  }
}
