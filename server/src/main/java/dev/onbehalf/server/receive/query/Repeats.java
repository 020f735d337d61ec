package dev.onbehalf.server.receive.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells which issues the pages before have shown: those of which something fits that comes before
 * the page. Nothing needs to be kept from page to page, and each issue is looked up once a page.
 */
final class Repeats {
  private static final int ASKED_AT_ONCE = 50;

  private final @Nullable Cursor after;
  private final Function<List<String>, List<String>> lookUp;
  private final Deque<String> coming = new ArrayDeque<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> shown = new HashSet<>();

  /**
   * Prepares the look-up for one page.
   *
   * @param after where the page before ended; null on the first page, which repeats nothing
   * @param lookUp returns those of some issues of which something fits that comes before the page
   */
  Repeats(@Nullable Cursor after, Function<List<String>, List<String>> lookUp) {
    this.after = after;
    this.lookUp = lookUp;
  }

  /** Names issues that come next, so that they are looked up together. */
  void expect(Collection<String> issues) {
    if (after != null) {
      coming.addAll(issues);
    }
  }

  /** Whether a page before has shown an issue that fits with this entity. */
  boolean shown(long entity, String issue) {
    if (after == null) {
      return false;
    }
    String last = after.issue();
    if (last != null && entity == after.entity() && issue.compareTo(last) <= 0) {
      return true;
    }
    if (asked.add(issue)) {
      List<String> next = new ArrayList<>(List.of(issue));
      while (next.size() < ASKED_AT_ONCE && !coming.isEmpty()) {
        String each = coming.remove();
        if (asked.add(each)) {
          next.add(each);
        }
      }
      shown.addAll(lookUp.apply(next));
    }
    return shown.contains(issue);
  }

  /**
   * Writes the query of which issues something fits before {@code :edge} and {@code :entity}.
   *
   * @param inclusive whether the entity itself counts as before
   */
  static String sql(
      Bindings bindings,
      List<String> issues,
      String predicate,
      boolean ascending,
      boolean inclusive) {
    String sign = ascending ? "<" : ">";
    return "SELECT k.issue_key FROM "
        + JudgedIssues.table(bindings, issues)
        + " AS k(issue_key, project, issue_number) WHERE (SELECT 1 FROM received_issue i"
        + " JOIN received_entity e ON e.id = i.entity_id"
        + " JOIN received_pipeline p ON p.id = e.pipeline_ref"
        + " LEFT JOIN received_environment v ON v.id = e.environment_ref"
        + " WHERE i.project = k.project AND i.issue_number = k.issue_number AND i.kind IN ('builds', 'deployments')"
        + " AND i.updated_ms %1$s= :edge AND (i.updated_ms %1$s :edge OR i.entity_id %1$s%2$s :entity)"
            .formatted(sign, inclusive ? "=" : "")
        + QueryRunner.NOT_OUR_OWN
        + " AND "
        + predicate
        + " LIMIT 1) IS NOT NULL";
  }
}
