package dev.onbehalf.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.OnEachDatabase;
import dev.onbehalf.server.store.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The contract of the audit trail, on each database. */
class AuditStoreTest {
  private static final Instant START = Instant.parse("2026-01-31T09:00:00.123Z");
  private static final Sealer SEALER = new HashingSealer("this keyset");

  @OnEachDatabase
  void findWhenAppendedThenEveryFieldComesBack(Database database) {
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    AuditEvent event =
        AuditEvent.builder(START, "r1", "request", Outcome.REFUSED)
            .consumer("jira")
            .person("alice")
            .actedAs("bob")
            .application("jenkins")
            .request("POST", "/job/a%252Fb/build")
            .problem("signature_invalid")
            .detail("One sentence.")
            .remoteAddress("192.0.2.7")
            .build();
    AuditEvent bare = AuditEvent.builder(START, "r2", "sign-in", Outcome.ALLOWED).build();

    store.append(List.of(event, bare));

    assertThat(store.find(AuditQuery.newest(10)))
        .containsExactly(new AuditRecord(1, event), new AuditRecord(2, bare));
    assertThat(store.verify()).isEmpty();
  }

  @OnEachDatabase
  void findWhenNarrowedThenOnlyWhatFits(Database database) {
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    store.append(IntStream.range(0, 20).mapToObj(AuditStoreTest::event).toList());

    assertThat(ids(store.find(AuditQuery.newest(3)))).containsExactly(18L, 19L, 20L);
    assertThat(ids(store.find(query("person3", null, null, null, null))))
        .containsExactly(4L, 8L, 12L, 16L, 20L);
    assertThat(ids(store.find(query(null, Outcome.REFUSED, null, null, 15L))))
        .containsExactly(17L, 19L);
    assertThat(ids(store.find(query(null, null, START.plusSeconds(18), null, null))))
        .containsExactly(19L, 20L);
    assertThat(ids(store.find(query(null, null, null, "r5", null)))).containsExactly(6L);
  }

  @OnEachDatabase
  void verifyWhenRecordsWereTamperedWithThenSaidWhichOne(Database database) {
    assertTampered(
        database, "UPDATE audit_event SET person = 'mallory' WHERE id = 5", "Record 5 was altered");
    assertTampered(
        database, "UPDATE audit_event SET at_ms = at_ms + 1 WHERE id = 1", "Record 1 was altered");
    assertTampered(database, "DELETE FROM audit_event WHERE id = 7", "Record 7 is missing");
    assertTampered(database, "DELETE FROM audit_event WHERE id = 10", "Record 10 is missing");
    assertTampered(
        database,
        "UPDATE audit_event SET id = CASE id WHEN 3 THEN -4 WHEN 4 THEN 3 ELSE id END"
            + " WHERE id IN (3, 4)",
        "Record 3 was altered");
    assertTampered(
        database, "UPDATE audit_chain SET last_id = 9", "The seal of the chain's ends is broken");
    assertTampered(database, "DELETE FROM audit_chain", "its row was removed");
  }

  @OnEachDatabase
  void verifyWhenTheKeysetIsAnotherThenTheSealIsBroken(Database database) {
    new JdbiAuditStore(database, SEALER).append(List.of(event(1)));

    assertThat(new JdbiAuditStore(database, new HashingSealer("another keyset")).verify())
        .hasValueSatisfying(fault -> assertThat(fault).contains("seal"));
  }

  @OnEachDatabase
  void removeBeforeWhenOldRecordsGoThenTheRestStillVerifies(Database database) {
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    store.append(IntStream.range(0, 10).mapToObj(AuditStoreTest::event).toList());

    assertThat(store.removeBefore(START.plusSeconds(4))).isEqualTo(4);
    assertThat(store.removeBefore(START.plusSeconds(4))).isZero();
    assertThat(store.verify()).isEmpty();
    assertThat(ids(store.find(AuditQuery.newest(100)))).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);

    assertThat(store.removeBefore(START.plusSeconds(1000))).isEqualTo(6);
    assertThat(store.verify()).isEmpty();
    store.append(List.of(event(1)));
    assertThat(ids(store.find(AuditQuery.newest(100)))).containsExactly(11L);
    assertThat(store.verify()).isEmpty();
  }

  @OnEachDatabase
  void appendWhenTextsAreTooLongOrHoldNulThenClippedAndVerified(Database database) {
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    store.append(
        List.of(
            AuditEvent.builder(START, "r", "request", Outcome.REFUSED)
                .request("G\0T", "/" + "x".repeat(5000))
                .detail("\ud83d\ude00".repeat(3000))
                .build()));

    AuditEvent found = store.find(AuditQuery.newest(1)).get(0).event();
    assertThat(found.path()).hasSize(2000);
    assertThat(found.method()).isEqualTo("G\u2400T");
    assertThat(store.verify()).isEmpty();
  }

  @OnEachDatabase
  void recordWhenManyThreadsAndTwoNodesWriteThenOneChainWithEveryEvent(Database database)
      throws InterruptedException {
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    try (JdbiAuditTrail one = new JdbiAuditTrail(store);
        JdbiAuditTrail other = new JdbiAuditTrail(new JdbiAuditStore(database, SEALER))) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        AuditTrail trail = t % 2 == 0 ? one : other;
        Thread thread =
            new Thread(() -> IntStream.range(0, 100).forEach(i -> trail.record(event(i))));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(store.find(AuditQuery.newest(10_000))).hasSize(800);
    assertThat(store.verify()).isEmpty();
  }

  private static void assertTampered(Database database, String sql, String fault) {
    database.execute(
        handle -> {
          handle.execute("DELETE FROM audit_event");
          handle.execute("DELETE FROM audit_chain");
        });
    JdbiAuditStore store = new JdbiAuditStore(database, SEALER);
    store.append(IntStream.range(0, 10).mapToObj(AuditStoreTest::event).toList());
    assertThat(store.verify()).isEmpty();

    database.execute(handle -> handle.execute(sql));

    assertThat(store.verify())
        .as(sql)
        .hasValueSatisfying(found -> assertThat(found).contains(fault));
  }

  private static AuditEvent event(int i) {
    return AuditEvent.builder(
            START.plusSeconds(i),
            "r" + i,
            "request",
            i % 2 == 0 ? Outcome.REFUSED : Outcome.ALLOWED)
        .person("person" + i % 4)
        .build();
  }

  private static AuditQuery query(
      @Nullable String person,
      @Nullable Outcome outcome,
      @Nullable Instant since,
      @Nullable String request,
      @Nullable Long after) {
    return new AuditQuery(person, null, null, outcome, request, since, null, after, 100);
  }

  private static List<Long> ids(List<AuditRecord> records) {
    return records.stream().map(AuditRecord::id).toList();
  }

  /** A keyed hash stands for the keyset; what is sealed is of no interest here. */
  private record HashingSealer(String key) implements Sealer {
    @Override
    public byte[] seal(Secret secret, String context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Secret open(byte[] sealed, String context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] fingerprint(String purpose, String value) {
      try {
        return MessageDigest.getInstance("SHA-256")
            .digest((key + purpose + value).getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
