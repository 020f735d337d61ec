package dev.onbehalf.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of the embedded database from growing with every transaction. H2 appends what a
 * transaction changed and takes the space of what is outdated back in a thread of its own, which it
 * does not start where every commit is written at once.
 */
final class EmbeddedCompaction implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedCompaction.class);
  private static final long INTERVAL_MILLIS = 250;
  private static final long SMALL_BYTES = 64L << 20;
  private static final int LEAST_USED_PERCENT = 40;
  private static final int BYTES_AT_ONCE = 2 << 20;

  /** How long outdated space is kept: longer than it takes the disk to have what replaced it. */
  private static final int RETENTION_MILLIS = 10_000;

  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final MVStore store;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "database-compaction");
            created.setDaemon(true);
            return created;
          });
  private long seen;
  private long syncedAt = System.nanoTime();

  private EmbeddedCompaction(MVStore store) {
    this.store = store;
    seen = store.getCurrentVersion();
  }

  /**
   * Begins to compact an open database.
   *
   * @throws StoreException if it is not embedded
   */
  static EmbeddedCompaction start(DataSource database) {
    try (Connection connection = database.getConnection()) {
      SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      EmbeddedCompaction started =
          new EmbeddedCompaction(session.getDatabase().getStore().getMvStore());
      var unused =
          started.thread.scheduleWithFixedDelay(
              started::compact, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      return started;
    } catch (SQLException e) {
      throw new StoreException("The embedded database cannot be compacted.", e);
    }
  }

  private void compact() {
    try {
      if (store.isClosed()
          || store.getCurrentVersion() == seen
          || store.getFileStore().size() < SMALL_BYTES) {
        return;
      }
      store.setRetentionTime(RETENTION_MILLIS);
      if (store.compact(LEAST_USED_PERCENT, BYTES_AT_ONCE)) {
        store.commit();
      }
      if (System.nanoTime() - syncedAt >= SYNC_NANOS) {
        store.sync();
        syncedAt = System.nanoTime();
      }
      seen = store.getCurrentVersion();
    } catch (RuntimeException e) {
      LOG.debug("The database was not compacted; it is tried again.", e);
    }
  }

  /** Stops; what is under way is waited for, ten seconds at most. */
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
