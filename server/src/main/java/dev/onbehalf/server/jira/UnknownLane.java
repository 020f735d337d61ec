package dev.onbehalf.server.jira;

import dev.onbehalf.server.jira.PushStore.Candidate;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Where links of issues wait that the Jira does not have: apart from the others, so many of each
 * credential. Rows are changed in one order everywhere, so that writers never wait in a circle.
 */
final class UnknownLane {
  /** In which order rows are changed. */
  static final Comparator<Target> ORDER =
      Comparator.comparing(Target::target).thenComparing(Target::issueKey);

  /** After how long an issue is looked up again, the first time. */
  static final Duration FIRST_CHECK = Duration.ofMinutes(1);

  /** How many links of such issues one credential may have wait. */
  static final int MOST = 10_000;

  static final String COUNT =
      "SELECT COUNT(*) FROM (SELECT 1 AS one FROM jira_push WHERE credential_id = :credential AND"
          + " lane = 1 LIMIT :limit) u";

  private static final String ASIDE =
      "UPDATE jira_push SET lane = 1, parked_ms = NULL, attempts = attempts + 1, unknown_ms ="
          + " COALESCE(unknown_ms, :now), next_ms = :next";

  private final Database database;
  private final int most;

  UnknownLane(Database database, int most) {
    this.database = database;
    this.most = most;
  }

  /** Returns how many more links a credential may have here. */
  int room(Handle handle, long credential) {
    return most
        - handle
            .createQuery(COUNT)
            .bind("credential", credential)
            .bind("limit", most)
            .mapTo(Integer.class)
            .one();
  }

  /** Moves links here, as many as their credentials may have; forgets the others. */
  void add(List<Candidate> candidates, Function<Candidate, Instant> next, Instant now) {
    if (candidates.isEmpty()) {
      return;
    }
    database.execute(
        handle -> {
          Map<Long, Integer> room = new HashMap<>();
          List<Candidate> kept = new ArrayList<>();
          List<Candidate> dropped = new ArrayList<>();
          for (Candidate each : candidates) {
            int left = room.computeIfAbsent(each.credential(), id -> room(handle, id));
            room.put(each.credential(), left - 1);
            (left > 0 ? kept : dropped).add(each);
          }
          aside(handle, kept, next, now);
          forget(handle, dropped, now);
        });
  }

  /** Has those looked up again that are still unknown. */
  void keep(List<Candidate> candidates, Function<Candidate, Instant> next, Instant now) {
    database.execute(handle -> aside(handle, candidates, next, now));
  }

  /** Has those told whose issues have appeared. */
  void leave(List<Candidate> candidates, Instant now) {
    database.execute(
        handle ->
            each(
                handle,
                "UPDATE jira_push SET lane = 0, attempts = 0, unknown_ms = NULL, changed_ms ="
                    + " :now, next_ms = :now",
                candidates,
                (batch, each) -> batch.bind("now", now.toEpochMilli()),
                now));
  }

  /** Puts off those nobody can tell about now. */
  void putOff(List<Candidate> candidates, Instant next, Instant now) {
    database.execute(
        handle ->
            each(
                handle,
                "UPDATE jira_push SET next_ms = :next",
                candidates,
                (batch, each) -> batch.bind("next", next.toEpochMilli()),
                now));
  }

  /** Forgets links that need not be made any more. */
  void forget(List<Candidate> candidates, Instant now) {
    database.execute(handle -> forget(handle, candidates, now));
  }

  private static void aside(
      Handle handle, List<Candidate> candidates, Function<Candidate, Instant> next, Instant now) {
    each(
        handle,
        ASIDE,
        candidates,
        (batch, each) ->
            batch.bind("now", now.toEpochMilli()).bind("next", next.apply(each).toEpochMilli()),
        now);
  }

  private static void forget(Handle handle, List<Candidate> candidates, Instant now) {
    each(handle, "DELETE FROM jira_push", candidates, (batch, each) -> {}, now);
  }

  /** Changes those that nobody has changed or leased meanwhile. */
  private static void each(
      Handle handle,
      String change,
      List<Candidate> candidates,
      BiConsumer<PreparedBatch, Candidate> values,
      Instant now) {
    if (candidates.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            change + " WHERE id = :id AND version = :version AND lease_ms <= :leased");
    candidates.stream()
        .sorted(Comparator.comparing(Candidate::target, ORDER))
        .forEach(
            each -> {
              values.accept(batch, each);
              batch
                  .bind("id", each.id())
                  .bind("version", each.version())
                  .bind("leased", now.toEpochMilli())
                  .add();
            });
    batch.execute();
  }
}
