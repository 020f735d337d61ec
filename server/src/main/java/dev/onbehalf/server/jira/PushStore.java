package dev.onbehalf.server.jira;

import dev.onbehalf.server.receive.IssueChanges;
import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The links of issues and what of them is to be told: a queue that survives a crash. A row is told
 * by whoever has its lease, and stays afterwards, so that the link can be removed one day.
 */
final class PushStore implements IssueChanges {
  static final String DUE =
      "SELECT id, issue_key FROM jira_push WHERE next_ms <= :now AND lease_ms <= :now"
          + " ORDER BY next_ms LIMIT :limit";

  /** A burst of changes is told once. */
  static final Duration SETTLE = Duration.ofSeconds(2);

  /** What was told just now is told again after this time. */
  static final Duration SPACING = Duration.ofSeconds(10);

  /** What was given up is tried again after a change, not sooner than this. */
  static final Duration PARKED = Duration.ofHours(1);

  static final Duration LEASE = Duration.ofMinutes(2);

  private static final int LONGEST_FAILURE = 500;
  private static final int SHOWN = 100;

  private final Database database;

  PushStore(Database database) {
    this.database = database;
  }

  /** One link of an issue while it is leased. */
  record Push(
      long id,
      String lease,
      long version,
      Target target,
      int attempts,
      boolean failing,
      @Nullable String title,
      @Nullable Instant unknownSince) {}

  /** One that may be due. */
  record Candidate(long id, String issueKey) {}

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void changed(Handle handle, long credential, Collection<Target> targets, Instant now) {
    List<Target> sorted =
        targets.stream()
            .sorted(Comparator.comparing(Target::target).thenComparing(Target::issueKey))
            .toList();
    PreparedBatch update =
        handle.prepareBatch(
            "UPDATE jira_push SET version = version + 1, attempts = 0, changed_ms = CASE WHEN"
                + " next_ms IS NULL THEN :now ELSE changed_ms END, next_ms = CASE WHEN parked_ms"
                + " IS NOT NULL THEN GREATEST(:settled, parked_ms + :parked) WHEN unknown_ms IS"
                + " NULL AND next_ms IS NOT NULL THEN LEAST(next_ms, GREATEST(:settled,"
                + " COALESCE(sent_ms, 0) + :spacing)) ELSE GREATEST(:settled, COALESCE(sent_ms, 0)"
                + " + :spacing) END WHERE target = :target AND issue_key = :key");
    for (Target target : sorted) {
      update
          .bind("now", now.toEpochMilli())
          .bind("settled", now.plus(SETTLE).toEpochMilli())
          .bind("parked", PARKED.toMillis())
          .bind("spacing", SPACING.toMillis())
          .bind("target", target.target())
          .bind("key", target.issueKey())
          .add();
    }
    int[] updated = update.execute();
    PreparedBatch insert =
        handle.prepareBatch(
            "INSERT INTO jira_push (credential_id, target, issue_key, version, next_ms, lease_ms,"
                + " attempts, changed_ms, failing) VALUES (:credential, :target, :key, 1,"
                + " :settled, 0, 0, :now, FALSE) ON CONFLICT DO NOTHING");
    for (int i = 0; i < sorted.size(); i++) {
      if (updated[i] == 0) {
        insert
            .bind("credential", credential)
            .bind("target", sorted.get(i).target())
            .bind("key", sorted.get(i).issueKey())
            .bind("settled", now.plus(SETTLE).toEpochMilli())
            .bind("now", now.toEpochMilli())
            .add();
      }
    }
    if (insert.size() > 0) {
      insert.execute();
    }
  }

  @Override
  public void erased(Handle handle, long credential, Instant now) {
    handle
        .createUpdate(
            "UPDATE jira_push SET version = version + 1, attempts = 0, parked_ms = NULL,"
                + " changed_ms = :now, next_ms = :now WHERE credential_id = :credential")
        .bind("now", now.toEpochMilli())
        .bind("credential", credential)
        .execute();
  }

  /** Ends the leases of a process that is gone, where there can be no other beside this one. */
  void begin() {
    if (database.dialect() == Database.Dialect.H2) {
      database.execute(
          handle ->
              handle.execute("UPDATE jira_push SET lease = NULL, lease_ms = 0 WHERE lease_ms > 0"));
    }
  }

  /** Returns what may be due, the longest overdue first. */
  List<Candidate> due(Instant now, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(DUE)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> new Candidate(row.getLong("id"), row.getString("issue_key")))
                .list());
  }

  /** Takes one that is due; empty if another node was faster. */
  Optional<Push> lease(long id, Instant now) {
    String lease = UUID.randomUUID().toString();
    return database.write(
        handle -> {
          int taken =
              handle
                  .createUpdate(
                      "UPDATE jira_push SET lease = :lease, lease_ms = :until WHERE id = :id AND"
                          + " next_ms <= :now AND lease_ms <= :now")
                  .bind("lease", lease)
                  .bind("until", now.plus(LEASE).toEpochMilli())
                  .bind("id", id)
                  .bind("now", now.toEpochMilli())
                  .execute();
          return taken == 0
              ? Optional.empty()
              : handle
                  .createQuery("SELECT * FROM jira_push WHERE id = :id")
                  .bind("id", id)
                  .map((row, context) -> push(row))
                  .findOne();
        });
  }

  private static Push push(ResultSet row) throws SQLException {
    Long unknown = row.getObject("unknown_ms", Long.class);
    return new Push(
        row.getLong("id"),
        row.getString("lease"),
        row.getLong("version"),
        new Target(row.getString("target"), row.getString("issue_key")),
        row.getInt("attempts"),
        row.getBoolean("failing"),
        row.getString("title"),
        unknown == null ? null : Instant.ofEpochMilli(unknown));
  }

  /** Notes that the issue shows the state of this version. */
  void sent(Push push, String title, Instant now) {
    finish(
        push,
        "title = :title, sent_ms = :now, attempts = 0, failure = NULL, unknown_ms = NULL,"
            + " parked_ms = NULL, changed_ms = :now, next_ms = CASE WHEN version = :version THEN"
            + " NULL ELSE :again END",
        update ->
            update
                .bind("title", title)
                .bind("now", now.toEpochMilli())
                .bind("again", now.plus(SPACING).toEpochMilli()));
  }

  /** Forgets a link that is gone, unless there is something to tell again. */
  void removed(Push push, Instant now) {
    database.execute(
        handle -> {
          int gone =
              handle
                  .createUpdate(
                      "DELETE FROM jira_push WHERE id = :id AND lease = :lease AND version ="
                          + " :version")
                  .bind("id", push.id())
                  .bind("lease", push.lease())
                  .bind("version", push.version())
                  .execute();
          if (gone == 0) {
            finish(
                handle,
                push,
                "failing = FALSE, next_ms = :again",
                update -> update.bind("again", now.plus(SETTLE).toEpochMilli()));
          }
        });
  }

  /** Puts one off without counting it. */
  void release(Push push, Instant next) {
    finish(push, "next_ms = :next", update -> update.bind("next", next.toEpochMilli()));
  }

  /** Puts one off that failed. */
  void retry(Push push, String failure, Instant next) {
    finish(
        push,
        "attempts = attempts + 1, failure = :failure, next_ms = CASE WHEN version = :version THEN"
            + " :next ELSE LEAST(next_ms, :next) END",
        update -> update.bind("failure", fit(failure)).bind("next", next.toEpochMilli()));
  }

  /** Puts one off whose issue is not known there. */
  void unknown(Push push, Instant now, Instant next) {
    finish(
        push,
        "attempts = attempts + 1, unknown_ms = COALESCE(unknown_ms, :now), next_ms = :next",
        update -> update.bind("now", now.toEpochMilli()).bind("next", next.toEpochMilli()));
  }

  /** Gives one up until it changes or an administrator has it tried again. */
  void park(Push push, String failure, Instant now) {
    finish(
        push,
        "failure = :failure, parked_ms = :now, unknown_ms = NULL, next_ms = CASE WHEN version ="
            + " :version THEN NULL ELSE :later END",
        update ->
            update
                .bind("failure", fit(failure))
                .bind("now", now.toEpochMilli())
                .bind("later", now.plus(PARKED).toEpochMilli()));
  }

  /** Notes whether the issue has been told that it fails; false if the lease is lost. */
  boolean failing(Push push, boolean failing) {
    return database.write(
        handle ->
            handle
                    .createUpdate(
                        "UPDATE jira_push SET failing = :failing WHERE id = :id AND lease = :lease")
                    .bind("failing", failing)
                    .bind("id", push.id())
                    .bind("lease", push.lease())
                    .execute()
                > 0);
  }

  /** Adds the values of a change. */
  private interface Values {
    Update bindTo(Update update);
  }

  private void finish(Push push, String columns, Values values) {
    database.execute(handle -> finish(handle, push, columns, values));
  }

  private static void finish(Handle handle, Push push, String columns, Values values) {
    Update update =
        handle.createUpdate(
            "UPDATE jira_push SET "
                + columns
                + ", lease = NULL, lease_ms = 0 WHERE id = :id AND lease = :lease");
    if (columns.contains(":version")) {
      update.bind("version", push.version());
    }
    values.bindTo(update).bind("id", push.id()).bind("lease", push.lease()).execute();
  }

  /** Has those that were given up tried again now; all where no id is named. Returns how many. */
  int retryParked(@Nullable Long id, Instant now) {
    return database.write(
        handle -> {
          Update update =
              handle
                  .createUpdate(
                      "UPDATE jira_push SET parked_ms = NULL, attempts = 0, changed_ms = :now,"
                          + " next_ms = :now WHERE parked_ms IS NOT NULL"
                          + (id == null ? "" : " AND id = :id"))
                  .bind("now", now.toEpochMilli());
          if (id != null) {
            update.bind("id", id);
          }
          return update.execute();
        });
  }

  /** Has what was put off tried again now. */
  void hurry(Instant now) {
    database.execute(
        handle ->
            handle
                .createUpdate(
                    "UPDATE jira_push SET next_ms = :now WHERE next_ms > :now AND attempts > 0 AND"
                        + " parked_ms IS NULL")
                .bind("now", now.toEpochMilli())
                .execute());
  }

  /** Counts, and shows what was given up. */
  QueueStatus status(@Nullable String pausedFor, @Nullable Instant pausedUntil) {
    return database.read(
        handle -> {
          List<QueueStatus.Parked> parked =
              handle
                  .createQuery(
                      "SELECT id, issue_key, title, failure, parked_ms FROM jira_push WHERE"
                          + " parked_ms IS NOT NULL ORDER BY parked_ms LIMIT "
                          + SHOWN)
                  .map(
                      (row, context) ->
                          new QueueStatus.Parked(
                              row.getLong("id"),
                              row.getString("issue_key"),
                              row.getString("title"),
                              String.valueOf(row.getString("failure")),
                              Instant.ofEpochMilli(row.getLong("parked_ms"))))
                  .list();
          return handle
              .createQuery(
                  "SELECT COUNT(*) AS links, COUNT(parked_ms) AS parked, COUNT(CASE WHEN next_ms IS"
                      + " NOT NULL AND unknown_ms IS NOT NULL AND parked_ms IS NULL THEN 1 END) AS"
                      + " unknown_issues, COUNT(CASE WHEN next_ms IS NOT NULL AND unknown_ms IS"
                      + " NULL AND parked_ms IS NULL THEN 1 END) AS waiting, MIN(CASE WHEN next_ms"
                      + " IS NOT NULL AND unknown_ms IS NULL AND parked_ms IS NULL THEN changed_ms"
                      + " END) AS oldest, MAX(sent_ms) AS sent FROM jira_push")
              .map(
                  (row, context) ->
                      new QueueStatus(
                          row.getLong("links"),
                          row.getLong("waiting"),
                          row.getLong("unknown_issues"),
                          row.getLong("parked"),
                          instant(row, "oldest"),
                          instant(row, "sent"),
                          pausedFor,
                          pausedUntil,
                          new ArrayList<>(parked)))
              .one();
        });
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Long millis = row.getObject(column, Long.class);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static String fit(String text) {
    return Texts.plain(text, LONGEST_FAILURE);
  }
}
