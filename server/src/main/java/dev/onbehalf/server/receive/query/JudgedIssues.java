package dev.onbehalf.server.receive.query;

import dev.onbehalf.server.receive.IssueNumber;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether issues fulfil a condition that is about them alone: each is looked at once for a page,
 * however many builds and deployments it has.
 */
final class JudgedIssues {
  private static final int ASKED_AT_ONCE = 500;

  private final Function<List<String>, List<String>> lookUp;
  private final Map<String, Boolean> known = new HashMap<>();

  /**
   * Prepares the look-up for one page.
   *
   * @param lookUp returns those of some issues that fulfil the condition
   */
  JudgedIssues(Function<List<String>, List<String>> lookUp) {
    this.lookUp = lookUp;
  }

  /** Leaves those that fulfil the condition, of the issues of some entities. */
  void retain(Map<Long, List<String>> issues) {
    List<String> fresh =
        issues.values().stream()
            .flatMap(List::stream)
            .distinct()
            .filter(issue -> !known.containsKey(issue))
            .toList();
    for (int from = 0; from < fresh.size(); from += ASKED_AT_ONCE) {
      List<String> some = fresh.subList(from, Math.min(fresh.size(), from + ASKED_AT_ONCE));
      some.forEach(issue -> known.put(issue, false));
      lookUp.apply(some).forEach(issue -> known.put(issue, true));
    }
    issues.replaceAll(
        (entity, all) ->
            all.stream()
                .filter(issue -> known.getOrDefault(issue, false))
                .collect(Collectors.toCollection(ArrayList::new)));
  }

  /** Writes issues as a table, by key, project and number. */
  static String table(Bindings bindings, Collection<String> issues) {
    return issues.stream()
        .map(
            key -> {
              IssueNumber issue = IssueNumber.of(key);
              return "(CAST(%s AS VARCHAR(520)), CAST(%s AS VARCHAR(520)), CAST(%s AS BIGINT))"
                  .formatted(
                      bindings.add(key),
                      bindings.add(issue.project()),
                      bindings.add(issue.number()));
            })
        .collect(Collectors.joining(", ", "(VALUES ", ")"));
  }

  /** Writes the query of which issues fulfil a condition over {@code i}. */
  static String sql(Bindings bindings, Collection<String> issues, String predicate) {
    return "SELECT i.issue_key FROM "
        + table(bindings, issues)
        + " AS i(issue_key, project, issue_number) WHERE "
        + predicate;
  }
}
