package dev.onbehalf.server.provider;

import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Follows the numbered changes, so that this node forgets what another one changed. What is cached
 * may be used while {@link #requireFresh} returns: then it is no older than two seconds.
 */
final class ChangeFeed {
  static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  static final Duration LONGEST_STALENESS = Duration.ofSeconds(2);
  private static final int MOST_CHANGES = 1000;

  private final Database database;
  private final Changes changes;
  private final LongSupplier nanoTime;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock polling = new ReentrantLock();
  private volatile long applied = -1;
  private volatile long freshSinceNanos;

  ChangeFeed(Database database, Changes changes, LongSupplier nanoTime) {
    this.database = database;
    this.changes = changes;
    this.nanoTime = nanoTime;
  }

  /** Forgets what a change made stale. */
  interface Listener {
    void changed(Changes.Change change);

    void everythingChanged();
  }

  void add(Listener listener) {
    listeners.add(listener);
  }

  /**
   * Returns what changes when something is to be forgotten: who loads, compares it before and after
   * and keeps nothing if it differs.
   */
  long applied() {
    return applied;
  }

  /**
   * Makes sure that what is cached is no older than two seconds.
   *
   * @throws RuntimeException if the database does not say so in time
   */
  void requireFresh() {
    if (!isFresh()) {
      poll();
    }
  }

  /** Whether {@link #requireFresh} returns without asking the database. */
  boolean isFresh() {
    return applied >= 0 && nanoTime.getAsLong() - freshSinceNanos <= LONGEST_STALENESS.toNanos();
  }

  /** Applies the changes that were committed so far. */
  void poll() {
    try {
      if (!polling.tryLock(LONGEST_STALENESS.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreException("The database does not answer in time.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Interrupted while waiting for the database.", e);
    }
    try {
      long started = nanoTime.getAsLong();
      apply();
      freshSinceNanos = started;
    } finally {
      polling.unlock();
    }
  }

  private void apply() {
    long known = applied;
    long number = database.read(changes::number);
    if (number == known) {
      return;
    }
    List<Changes.Change> missed =
        known < 0 || number < known || number - known > MOST_CHANGES
            ? List.of()
            : database.read(handle -> changes.after(handle, known, MOST_CHANGES));
    boolean complete = !missed.isEmpty() && missed.get(0).number() == known + 1;
    applied = complete ? missed.get(missed.size() - 1).number() : number;
    for (Listener listener : listeners) {
      if (complete) {
        missed.forEach(listener::changed);
      } else {
        listener.everythingChanged();
      }
    }
  }
}
