package dev.onbehalf.server.jira;

import dev.onbehalf.server.receive.IssueChanges;
import dev.onbehalf.server.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
      "SELECT id, credential_id, target, issue_key, version, attempts, unknown_ms FROM jira_push"
          + " WHERE lane = :lane AND next_ms <= :now AND lease_ms <= :now"
          + " ORDER BY lane, next_ms LIMIT :limit";
  static final String WAITING =
      "SELECT COUNT(*) AS waiting, MIN(changed_ms) AS oldest FROM jira_push WHERE lane = 0 AND"
          + " next_ms IS NOT NULL AND parked_ms IS NULL";
  static final String ASIDE = "SELECT COUNT(*) FROM jira_push WHERE lane = 1";
  static final String PARKED_ONES = "SELECT COUNT(*) FROM jira_push WHERE parked_ms IS NOT NULL";

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
  private final UnknownLane unknown;

  PushStore(Database database) {
    this(database, UnknownLane.MOST);
  }

  PushStore(Database database, int mostUnknown) {
    this.database = database;
    this.unknown = new UnknownLane(database, mostUnknown);
  }

  /** Returns where links of issues wait that are not known there. */
  UnknownLane unknown() {
    return unknown;
  }

  /** Which links wait together: those of issues that are not known there wait for no other. */
  enum Lane {
    KNOWN(0),
    UNKNOWN(1);

    private final int number;

    Lane(int number) {
      this.number = number;
    }
  }

  /** One link of an issue while it is leased. */
  record Push(
      long id,
      String lease,
      long version,
      Target target,
      int attempts,
      boolean failing,
      @Nullable String title) {}

  /** One that may be due. */
  record Candidate(
      long id,
      long credential,
      Target target,
      long version,
      int attempts,
      @Nullable Instant unknownSince) {
    String issueKey() {
      return target.issueKey();
    }
  }

  /** What waits and what does not get through. */
  record Backlog(long waiting, long unknown, long parked, @Nullable Instant oldest) {}

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void changed(
      Handle handle,
      long credential,
      Collection<Target> targets,
      Set<String> absentKeys,
      Instant now) {
    List<Target> sorted = targets.stream().sorted(UnknownLane.ORDER).toList();
    PreparedBatch update =
        handle.prepareBatch(
            "UPDATE jira_push SET version = version + 1, changed_ms = CASE WHEN next_ms IS NULL"
                + " THEN :now ELSE changed_ms END, next_ms = CASE WHEN lane = 1 AND :absent THEN"
                + " next_ms WHEN parked_ms IS NOT NULL THEN GREATEST(:settled, parked_ms +"
                + " :parked) WHEN lane = 0 AND next_ms IS NOT NULL THEN LEAST(next_ms,"
                + " GREATEST(:settled, COALESCE(sent_ms, 0) + :spacing)) ELSE GREATEST(:settled,"
                + " COALESCE(sent_ms, 0) + :spacing) END, attempts = CASE WHEN lane = 1 AND"
                + " :absent THEN attempts ELSE 0 END, lane = CASE WHEN :absent THEN lane ELSE 0"
                + " END WHERE target = :target AND issue_key = :key");
    for (Target target : sorted) {
      update
          .bind("now", now.toEpochMilli())
          .bind("absent", absentKeys.contains(target.issueKey()))
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
            "INSERT INTO jira_push (credential_id, target, issue_key, version, lane, next_ms,"
                + " lease_ms, attempts, changed_ms, failing, unknown_ms) VALUES (:credential,"
                + " :target, :key, 1, :lane, :next, 0, :lane, :now, FALSE, :unknown)"
                + " ON CONFLICT DO NOTHING");
    int room = absentKeys.isEmpty() ? 0 : unknown.room(handle, credential);
    for (int i = 0; i < sorted.size(); i++) {
      boolean absent = absentKeys.contains(sorted.get(i).issueKey());
      if (updated[i] == 0 && (!absent || room-- > 0)) {
        insert
            .bind("credential", credential)
            .bind("target", sorted.get(i).target())
            .bind("key", sorted.get(i).issueKey())
            .bind("lane", absent ? 1 : 0)
            .bind("next", now.plus(absent ? UnknownLane.FIRST_CHECK : SETTLE).toEpochMilli())
            .bind("unknown", absent ? (Long) now.toEpochMilli() : null)
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

  /** Returns what may be due of a lane, the longest overdue first. */
  List<Candidate> due(Lane lane, Instant now, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(DUE)
                .bind("lane", lane.number)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, context) -> candidate(row))
                .list());
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    return new Candidate(
        row.getLong("id"),
        row.getLong("credential_id"),
        new Target(row.getString("target"), row.getString("issue_key")),
        row.getLong("version"),
        row.getInt("attempts"),
        instant(row, "unknown_ms"));
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
    return new Push(
        row.getLong("id"),
        row.getString("lease"),
        row.getLong("version"),
        new Target(row.getString("target"), row.getString("issue_key")),
        row.getInt("attempts"),
        row.getBoolean("failing"),
        row.getString("title"));
  }

  /** Notes that the issue shows the state of this version. */
  void sent(Push push, String title, Instant now) {
    finish(
        push,
        "title = :title, sent_ms = :now, attempts = 0, failure = NULL, unknown_ms = NULL, lane = 0,"
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
        "lane = 1, attempts = attempts + 1, unknown_ms = COALESCE(unknown_ms, :now), next_ms ="
            + " :next",
        update -> update.bind("now", now.toEpochMilli()).bind("next", next.toEpochMilli()));
  }

  /** Gives one up until it changes or an administrator has it tried again. */
  void park(Push push, String failure, Instant now) {
    finish(
        push,
        "failure = :failure, parked_ms = :now, unknown_ms = NULL, lane = 0, next_ms = CASE WHEN version ="
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

  /** Counts what waits, by indexes alone. */
  Backlog backlog() {
    return database.read(
        handle -> {
          long aside = handle.createQuery(ASIDE).mapTo(Long.class).one();
          long parked = handle.createQuery(PARKED_ONES).mapTo(Long.class).one();
          return handle
              .createQuery(WAITING)
              .map(
                  (row, context) ->
                      new Backlog(row.getLong("waiting"), aside, parked, instant(row, "oldest")))
              .one();
        });
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
                  "SELECT COUNT(*) AS links, COUNT(parked_ms) AS parked, COUNT(CASE WHEN lane = 1"
                      + " THEN 1 END) AS unknown_issues, COUNT(CASE WHEN next_ms IS NOT NULL AND"
                      + " lane = 0 AND parked_ms IS NULL THEN 1 END) AS waiting, MIN(CASE WHEN"
                      + " next_ms IS NOT NULL AND lane = 0 AND parked_ms IS NULL THEN changed_ms"
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
