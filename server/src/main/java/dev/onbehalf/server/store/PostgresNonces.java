package dev.onbehalf.server.store;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Nonces in PostgreSQL, shared by all nodes. Requests that wait at the same time go in one
 * statement, so that one round trip serves them all; the statement alone runs without waiting for
 * the server's disk.
 */
final class PostgresNonces implements NonceStore.Keeper {
  private static final long PERIOD_SECONDS = 60;
  private static final int QUEUE = 10_000;
  private static final int BATCH = 256;
  private static final long PATIENCE_SECONDS = 5;
  private static final String FLOOR = "nonce-floor";
  private static final String INSERT =
      """
      INSERT INTO nonce (period, digest)
      SELECT n.period, n.digest
        FROM (SELECT set_config('synchronous_commit', 'off', true) AS mode) AS s,
             unnest(?::bigint[], ?::bigint[]) AS n (period, digest)
       WHERE s.mode = 'off'
      ON CONFLICT DO NOTHING
      RETURNING period, digest
      """;

  private record Key(long period, long digest) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = Long.compare(period, other.period);
      return order != 0 ? order : Long.compare(digest, other.digest);
    }
  }

  private record Waiting(Key key, CompletableFuture<Boolean> answer) {}

  private final Database database;
  private final long windowSeconds;
  private final InstantSource clock;
  private final AtomicLong floorPeriod = new AtomicLong(Long.MIN_VALUE);
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread = new Thread(this::run, "nonces");
  private volatile boolean closed;

  private PostgresNonces(Database database, Duration window, InstantSource clock) {
    this.database = database;
    this.windowSeconds = window.toSeconds();
    this.clock = clock;
    thread.setDaemon(true);
  }

  static PostgresNonces open(Database database, Duration window, InstantSource clock) {
    PostgresNonces nonces = new PostgresNonces(database, window, clock);
    nonces.raiseFloor(Long.MIN_VALUE);
    nonces.thread.start();
    return nonces;
  }

  @Override
  public boolean spend(long timestampSeconds, long digest) {
    long now = clock.instant().getEpochSecond();
    long period = Math.floorDiv(timestampSeconds, PERIOD_SECONDS);
    if (timestampSeconds < now - windowSeconds - PERIOD_SECONDS
        || timestampSeconds > now + windowSeconds + PERIOD_SECONDS
        || period < floorPeriod.get()) {
      return false;
    }
    Waiting waiting = new Waiting(new Key(period, digest), new CompletableFuture<>());
    if (closed || !queue.offer(waiting)) {
      throw new IllegalStateException("The nonces are closed or overloaded.");
    }
    try {
      return waiting.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("A nonce cannot be recorded: the database failed.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a nonce was recorded.", e);
    }
  }

  /** Keeps twice the window, for nodes whose clocks differ. */
  @Override
  public long purge(Instant now) {
    long end = Math.floorDiv(now.getEpochSecond() - 2 * windowSeconds, PERIOD_SECONDS) - 1;
    raiseFloor(end);
    return database.write(
        handle -> (long) handle.execute("DELETE FROM nonce WHERE period < ?", end));
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fail(drain(), new IllegalStateException("The nonces are closed."));
  }

  /** Raises the stored floor to {@code period} at least, and takes it over. */
  private void raiseFloor(long period) {
    long stored =
        database.write(
            handle -> {
              handle.execute(
                  "INSERT INTO instance (name, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
                  FLOOR,
                  bytes(Long.MIN_VALUE));
              byte[] content =
                  handle
                      .createQuery("SELECT content FROM instance WHERE name = ? FOR UPDATE")
                      .bind(0, FLOOR)
                      .mapTo(byte[].class)
                      .one();
              long floor = Long.parseLong(new String(content, StandardCharsets.US_ASCII));
              if (floor >= period) {
                return floor;
              }
              handle.execute(
                  "UPDATE instance SET content = ? WHERE name = ?", bytes(period), FLOOR);
              return period;
            });
    floorPeriod.accumulateAndGet(stored, Math::max);
  }

  private void run() {
    while (!closed) {
      try {
        List<Waiting> batch = new ArrayList<>();
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        spend(batch);
      } catch (InterruptedException e) {
        // Closed, or nothing to do with us: the loop decides.
      }
    }
  }

  private void spend(List<Waiting> batch) {
    // In the order of the keys, so that two nodes never wait for one another.
    Map<Key, Waiting> first = new TreeMap<>();
    for (Waiting waiting : batch) {
      if (first.putIfAbsent(waiting.key(), waiting) != null) {
        waiting.answer().complete(false);
      }
    }
    try {
      Set<Key> spent = database.read(handle -> insert(handle.getConnection(), first.keySet()));
      first.forEach((key, waiting) -> waiting.answer().complete(spent.contains(key)));
    } catch (SQLException | RuntimeException e) {
      fail(batch, e);
    }
  }

  private static Set<Key> insert(Connection connection, Set<Key> keys) throws SQLException {
    Array periods = connection.createArrayOf("bigint", keys.stream().map(Key::period).toArray());
    Array digests = connection.createArrayOf("bigint", keys.stream().map(Key::digest).toArray());
    Set<Key> spent = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setArray(1, periods);
      statement.setArray(2, digests);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          spent.add(new Key(rows.getLong(1), rows.getLong(2)));
        }
      }
    }
    return spent;
  }

  private List<Waiting> drain() {
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
    return left;
  }

  private static void fail(List<Waiting> batch, Exception fault) {
    for (Waiting waiting : batch) {
      waiting.answer().completeExceptionally(fault);
    }
  }

  private static byte[] bytes(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }
}
