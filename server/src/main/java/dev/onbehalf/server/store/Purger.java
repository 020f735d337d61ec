package dev.onbehalf.server.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one job that removes what expired. Rooms register a purge each; one that fails is logged and
 * tried again at the next run, and keeps no other from running. Several nodes may purge at once.
 */
public final class Purger implements AutoCloseable {

  /** Removes what expired before now. */
  @FunctionalInterface
  public interface Purge {
    /** Returns how many things were removed. */
    long purge(Instant now);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Purger.class);

  private final InstantSource clock;
  private final Duration interval;
  private final Map<String, Purge> purges = new ConcurrentSkipListMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "purge");
            created.setDaemon(true);
            return created;
          });

  public Purger(InstantSource clock, Duration interval) {
    this.clock = clock;
    this.interval = interval;
  }

  /**
   * Adds a purge, before or after the start.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void register(String name, Purge purge) {
    if (purges.putIfAbsent(name, purge) != null) {
      throw new IllegalArgumentException("A purge named '" + name + "' is registered already.");
    }
  }

  /** Runs all purges at every interval from now on, the first time after one interval. */
  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::runNow, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Runs all purges once, in the order of their names, on the caller's thread. */
  public void runNow() {
    Instant now = clock.instant();
    purges.forEach(
        (name, purge) -> {
          try {
            long removed = purge.purge(now);
            LOG.debug("Purged {}: {} removed.", name, removed);
          } catch (RuntimeException e) {
            LOG.warn("Purging {} failed; it is tried again in {}.", name, interval, e);
          }
        });
  }

  /** Stops; a purge that runs is waited for, 10 seconds at most. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
