package dev.onbehalf.bench.store;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditVerifier;
import dev.onbehalf.server.audit.JdbiAuditStore;
import dev.onbehalf.server.audit.JdbiAuditTrail;
import dev.onbehalf.server.config.DatabaseConfig;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.NonceStore;
import dev.onbehalf.server.store.TinkSealer;
import dev.onbehalf.server.web.RequestIds;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Prints, as a Markdown table, what opening, sealing, nonces, commits and the audit trail cost:
 * each the median of several rounds after one that does not count.
 */
public final class StoreBench {
  private static final int ROUNDS = 5;
  private static final long ROUND_MILLIS = 1_500;
  private static final int AUDIT_EVENTS = 40_000;
  private static final int AUDIT_THREADS = 4;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final AtomicLong number = new AtomicLong();

  private StoreBench() {}

  public static void main(String[] args) throws Exception {
    new StoreBench().run();
  }

  private void run() throws Exception {
    out.println("| what | embedded | PostgreSQL |\n|---|---|---|");
    // With fsync on, unlike for tests: durability is part of the cost.
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .start()) {
      DatabaseConfig embedded = new DatabaseConfig(null, null, null, 10);
      DatabaseConfig postgres =
          new DatabaseConfig(server.getJdbcUrl("postgres", "postgres"), null, null, 10);
      Path one = Files.createTempDirectory("onbehalf-bench");
      Path two = Files.createTempDirectory("onbehalf-bench");
      try {
        row(
            "first opening, schema made (ms)",
            openMillis(embedded, one),
            openMillis(postgres, two));
        row("later opening (ms)", reopenMillis(embedded, one), reopenMillis(postgres, two));
        try (Database first = Database.open(embedded, one);
            Database second = Database.open(postgres, two)) {
          rates(first, one, second, two);
        }
      } finally {
        delete(one);
        delete(two);
      }
    }
  }

  private void rates(Database first, Path one, Database second, Path two) throws Exception {
    row("one-row transactions, 1 thread (per s)", commits(first, 1), commits(second, 1));
    row("one-row transactions, 8 threads (per s)", commits(first, 8), commits(second, 8));
    for (int threads : new int[] {1, 8, 64}) {
      row(
          "nonces spent, " + threads + " threads (per s)",
          nonces(first, one, threads),
          nonces(second, two, threads));
    }
    row("audit events written (per s)", audit(first, one), audit(second, two));
    row("audit events verified (per s)", verify(first, one), verify(second, two));
    TinkSealer sealer = TinkSealer.open(first, one);
    Secret secret = Secret.of("0123456789abcdef0123456789abcdef");
    byte[] sealed = sealer.seal(secret, "token:17");
    alone("fingerprint (us)", i -> sealer.fingerprint("token", "abcdefghijklmnop"));
    alone("seal (us)", i -> sealer.seal(secret, "token:17"));
    alone("open (us)", i -> sealer.open(sealed, "token:17"));
  }

  private static double openMillis(DatabaseConfig config, Path directory) {
    long start = System.nanoTime();
    Database.open(config, directory).close();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double reopenMillis(DatabaseConfig config, Path directory) {
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = openMillis(config, directory);
    }
    return median(rounds);
  }

  private double commits(Database database, int threads) throws Exception {
    return perSecond(
        threads,
        i ->
            database.execute(
                handle ->
                    handle.execute(
                        "INSERT INTO instance (name, content) VALUES (?, ?)",
                        "bench-" + i,
                        new byte[100])));
  }

  private double nonces(Database database, Path directory, int threads) throws Exception {
    double[] rounds = new double[ROUNDS + 1];
    for (int i = 0; i <= ROUNDS; i++) {
      Path own = Files.createTempDirectory(directory, "nonces");
      InstantSource clock = InstantSource.system();
      try (NonceStore nonces = NonceStore.open(database, own, Duration.ofMinutes(5), clock)) {
        rounds[i] =
            round(
                threads,
                n -> {
                  if (!nonces.spend("jira", "token", clock.instant().getEpochSecond(), "n" + n)) {
                    throw new IllegalStateException("A fresh nonce was refused.");
                  }
                });
      }
    }
    return median(Arrays.copyOfRange(rounds, 1, rounds.length));
  }

  /** Events from four threads, counted until the last one is in the database. */
  private static double audit(Database database, Path directory) throws Exception {
    JdbiAuditStore store = new JdbiAuditStore(database, TinkSealer.open(database, directory));
    double[] rounds = new double[ROUNDS];
    for (int i = -1; i < ROUNDS; i++) {
      long written;
      long start = System.nanoTime();
      try (JdbiAuditTrail trail = new JdbiAuditTrail(store)) {
        CountDownLatch ended = new CountDownLatch(AUDIT_THREADS);
        for (int t = 0; t < AUDIT_THREADS; t++) {
          new Thread(
                  () -> {
                    for (int e = 0; e < AUDIT_EVENTS / AUDIT_THREADS; e++) {
                      trail.record(event());
                    }
                    ended.countDown();
                  })
              .start();
        }
        ended.await();
        written = AUDIT_EVENTS - trail.lost();
      }
      if (i >= 0) {
        rounds[i] = written * 1e9 / (System.nanoTime() - start);
      }
    }
    return median(rounds);
  }

  private static AuditEvent event() {
    return AuditEvent.builder(Instant.now(), RequestIds.next(), "request", Outcome.ALLOWED)
        .consumer("jira")
        .person("alice")
        .actedAs("alice")
        .application("ci")
        .request("POST", "/job/main/build")
        .remoteAddress("192.0.2.7")
        .build();
  }

  private static double verify(Database database, Path directory) {
    AuditVerifier verifier = new AuditVerifier(database, TinkSealer.open(database, directory));
    long start = System.nanoTime();
    AuditVerifier.Report report = verifier.verify((done, total) -> {});
    if (report.fault() != null) {
      throw new IllegalStateException(report.fault());
    }
    return report.records() * 1e9 / (System.nanoTime() - start);
  }

  private void alone(String what, LongConsumer work) throws Exception {
    double perSecond = perSecond(1, work);
    out.printf(Locale.ROOT, "| %s | %.2f | same |%n", what, 1e6 / perSecond);
  }

  private double perSecond(int threads, LongConsumer work) throws Exception {
    round(threads, work);
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = round(threads, work);
    }
    return median(rounds);
  }

  private double round(int threads, LongConsumer work) throws Exception {
    AtomicLong done = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(threads);
    long start = System.nanoTime();
    long end = start + ROUND_MILLIS * 1_000_000;
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                long count = 0;
                try {
                  while (System.nanoTime() < end) {
                    work.accept(number.incrementAndGet());
                    count++;
                  }
                } finally {
                  done.addAndGet(count);
                  ended.countDown();
                }
              });
      thread.start();
    }
    ended.await();
    return done.get() * 1e9 / (System.nanoTime() - start);
  }

  private void row(String what, double embedded, double postgres) {
    out.printf(Locale.ROOT, "| %s | %,.0f | %,.0f |%n", what, embedded, postgres);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
