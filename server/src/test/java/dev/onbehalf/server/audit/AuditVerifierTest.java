package dev.onbehalf.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.store.TestDatabase;
import dev.onbehalf.server.store.TinkSealer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** The chain under the real keyset, on each database. */
final class AuditVerifierTest {
  private static final Instant START = Instant.parse("2026-01-31T09:00:00Z");

  @OnEachDatabase
  void verifyWhenNothingWasEverRecordedThenNothingIsWrong(TestDatabase database) {
    AuditVerifier.Report report = verify(database);

    assertThat(report.fault()).isNull();
    assertThat(report.records()).isZero();
    assertThat(report.lastId()).isZero();
  }

  @OnEachDatabase
  void verifyWhenManyPagesThenEveryRecordAndProgressIsTold(TestDatabase database) {
    store(database).append(events(0, 5_001));
    List<Long> done = new ArrayList<>();

    AuditVerifier.Report report =
        verifier(database)
            .verify(
                (verified, total) -> {
                  assertThat(total).isEqualTo(5_001);
                  done.add(verified);
                });

    assertThat(report.fault()).isNull();
    assertThat(report.records()).isEqualTo(5_001);
    assertThat(report.firstId()).isEqualTo(1);
    assertThat(report.lastId()).isEqualTo(5_001);
    assertThat(report.lastHash()).matches("[0-9a-f]{64}").isNotEqualTo("0".repeat(64));
    assertThat(done).isSorted().hasSizeGreaterThan(1).endsWith(5_001L);
  }

  @OnEachDatabase
  void verifyWhenRecordsWereAddedAtTheEndsThenFound(TestDatabase database) {
    JdbiAuditStore store = store(database);
    store.append(events(0, 10));
    copyRecord(database.database(), 10, 11);

    assertThat(verify(database).fault())
        .contains("0 records before the chain's beginning and 1 behind its end");

    database.database().execute(handle -> handle.execute("DELETE FROM audit_event WHERE id = 11"));
    store.removeBefore(START.plusSeconds(5));
    copyRecord(database.database(), 10, 2);

    assertThat(verify(database).fault())
        .contains("1 records before the chain's beginning and 0 behind its end");
  }

  @OnEachDatabase
  void verifyWhenAnEarlierEndIsPutBackThenFound(TestDatabase database) {
    JdbiAuditStore store = store(database);
    store.append(events(0, 5));
    Database raw = database.database();
    List<Object> earlier =
        raw.read(
            handle ->
                handle
                    .createQuery("SELECT last_hash, seal FROM audit_chain")
                    .map(
                        (row, context) ->
                            List.<Object>of(row.getBytes("last_hash"), row.getBytes("seal")))
                    .one());
    store.append(events(5, 5));

    raw.execute(
        handle ->
            handle.execute(
                "UPDATE audit_chain SET last_id = 5, last_hash = ?, seal = ?",
                earlier.get(0),
                earlier.get(1)));

    assertThat(verify(database).fault()).contains("5 behind its end");
  }

  @OnEachDatabase
  void verifyWhenEventsAreAppendedAndRemovedMeanwhileThenNothingIsWrong(TestDatabase database)
      throws InterruptedException {
    JdbiAuditStore store = store(database);
    store.append(events(0, 4_500));
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try {
                for (int i = 4_500; !over.get(); i += 50) {
                  store.append(events(i, 50));
                  store.removeBefore(START.plusSeconds(i - 3_000));
                }
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
    other.start();
    try {
      for (int i = 0; i < 5; i++) {
        assertThat(verify(database).fault()).isNull();
      }
    } finally {
      over.set(true);
      other.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(verify(database).fault()).isNull();
  }

  @OnEachDatabase
  void verifyWhenTheSealingKeyWasRotatedThenNothingIsWrong(TestDatabase database) {
    TinkSealer sealer = sealer(database);
    new JdbiAuditStore(database.database(), sealer).append(events(0, 3));
    sealer.rotate();
    new JdbiAuditStore(database.database(), sealer).append(events(3, 3));

    assertThat(verify(database).fault()).isNull();
  }

  @OnEachDatabase
  void purgeWhenRecordsAreOlderThanTheRetentionThenRemovedAndTold(TestDatabase database) {
    JdbiAuditStore store = store(database);
    store.append(events(0, 6_000));
    List<AuditEvent> told = new ArrayList<>();
    AuditRetention retention = new AuditRetention(store, told::add, Duration.ofSeconds(10));

    assertThat(retention.purge(START.plusSeconds(5_910))).isEqualTo(5_900);
    assertThat(retention.purge(START.plusSeconds(5_910))).isZero();

    AuditVerifier.Report report = verify(database);
    assertThat(report.fault()).isNull();
    assertThat(report.firstId()).isEqualTo(5_901);
    assertThat(report.records()).isEqualTo(100);
    assertThat(told)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo(AuditRetention.ACTION);
              assertThat(event.detail()).contains("5900 records");
            });
  }

  private static void copyRecord(Database database, long from, long to) {
    database.execute(
        handle ->
            handle.execute(
                "INSERT INTO audit_event (id, at_ms, request_id, action, outcome, hash)"
                    + " SELECT ?, at_ms, request_id, action, outcome, hash FROM audit_event"
                    + " WHERE id = ?",
                to,
                from));
  }

  private static AuditVerifier.Report verify(TestDatabase database) {
    return verifier(database).verify((done, total) -> {});
  }

  private static AuditVerifier verifier(TestDatabase database) {
    return new AuditVerifier(database.database(), sealer(database));
  }

  private static JdbiAuditStore store(TestDatabase database) {
    Sealer sealer = sealer(database);
    return new JdbiAuditStore(database.database(), sealer);
  }

  private static TinkSealer sealer(TestDatabase database) {
    return TinkSealer.open(database.database(), database.dataDirectory());
  }

  private static List<AuditEvent> events(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            i ->
                AuditEvent.builder(START.plusSeconds(i), "r" + i, "request", Outcome.ALLOWED)
                    .build())
        .toList();
  }
}
