package dev.onbehalf.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;
import dev.onbehalf.server.config.DatabaseConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;

/**
 * The database: embedded H2 in the data directory, or PostgreSQL. Open it once; it is a pool and
 * safe for use by many threads. The conventions of the schema are in the package's description.
 */
public final class Database implements MeterBinder, AutoCloseable {

  /** Which database answers. */
  public enum Dialect {
    H2,
    POSTGRESQL
  }

  static final String FILE = "onbehalf";
  static final String FILE_SUFFIX = ".mv.db";
  private static final int ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 5;

  /** Serialization failure, deadlock, H2's lock timeout and concurrent update. */
  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "HYT00", "90131");

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final Dialect dialect;
  private final @Nullable FileChannel lock;
  private final @Nullable EmbeddedCompaction compaction;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Database(HikariDataSource pool, Dialect dialect, @Nullable FileChannel lock) {
    this.pool = pool;
    this.dialect = dialect;
    this.lock = lock;
    this.compaction = dialect == Dialect.H2 ? EmbeddedCompaction.start(pool) : null;
    this.jdbi = Jdbi.create(pool);
    // The default message shows the bound values.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(Database::message);
  }

  /**
   * Opens the database, creates or migrates its schema, and takes the data directory for this
   * process where the database is the embedded one.
   *
   * @throws StoreException if directory or database cannot be used, or a newer version wrote them
   */
  public static Database open(DatabaseConfig config, Path dataDirectory) {
    DataDirectory.prepare(dataDirectory);
    Dialect dialect = config.url() == null ? Dialect.H2 : Dialect.POSTGRESQL;
    FileChannel lock = dialect == Dialect.H2 ? DataDirectory.lock(dataDirectory) : null;
    HikariDataSource pool = null;
    try {
      pool = connect(config, dataDirectory);
      SchemaMigrator.migrate(pool);
      return new Database(pool, dialect, lock);
    } catch (RuntimeException | Error e) {
      if (pool != null) {
        closePool(pool, dialect);
      }
      release(lock);
      throw e;
    }
  }

  public Dialect dialect() {
    return dialect;
  }

  /**
   * Runs {@code work} on a connection where every statement is its own transaction.
   *
   * @throws X what {@code work} throws
   */
  public <T extends @Nullable Object, X extends Exception> T read(HandleCallback<T, X> work)
      throws X {
    return jdbi.withHandle(work);
  }

  /**
   * Runs {@code work} in one transaction, which is rolled back if it throws; runs it again, a few
   * times, if the database gave the transaction up for another one (serialization failure,
   * deadlock). It must therefore have no effect outside the database.
   *
   * @throws X what {@code work} throws
   */
  public <T extends @Nullable Object, X extends Exception> T write(HandleCallback<T, X> work)
      throws X {
    for (int attempt = 1; ; attempt++) {
      try {
        return jdbi.inTransaction(work);
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS || !isTransient(e)) {
          throw e;
        }
      }
      pause(attempt);
    }
  }

  /**
   * As {@link #write}, for work without a result.
   *
   * @throws X what {@code work} throws
   */
  public <X extends Exception> void execute(HandleConsumer<X> work) throws X {
    write(
        (HandleCallback<Boolean, X>)
            handle -> {
              work.useHandle(handle);
              return true;
            });
  }

  /** Returns the pool, for a library that speaks JDBC. */
  public DataSource dataSource() {
    return pool;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    connections(registry, "active", HikariPoolMXBean::getActiveConnections);
    connections(registry, "idle", HikariPoolMXBean::getIdleConnections);
    Gauge.builder(
            "onbehalf.database.waiting",
            pool,
            opened -> of(opened, HikariPoolMXBean::getThreadsAwaitingConnection))
        .description("Threads that wait for a connection to the database.")
        .register(registry);
    Gauge.builder("onbehalf.database.connections.max", pool, HikariDataSource::getMaximumPoolSize)
        .description("Connections to the database at most.")
        .register(registry);
  }

  private void connections(
      MeterRegistry registry, String state, ToIntFunction<HikariPoolMXBean> count) {
    Gauge.builder("onbehalf.database.connections", pool, opened -> of(opened, count))
        .description("Connections to the database, in use or idle.")
        .tag("state", state)
        .register(registry);
  }

  private static int of(HikariDataSource opened, ToIntFunction<HikariPoolMXBean> count) {
    HikariPoolMXBean bean = opened.getHikariPoolMXBean();
    return bean == null ? 0 : count.applyAsInt(bean);
  }

  /** Closes the pool, and the embedded database with it. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      if (compaction != null) {
        compaction.close();
      }
      closePool(pool, dialect);
      release(lock);
    }
  }

  private static HikariDataSource connect(DatabaseConfig config, Path dataDirectory) {
    HikariConfig hikari = new HikariConfig();
    String url = config.url();
    hikari.setPoolName("database");
    hikari.setMaximumPoolSize(config.maximumConnections());
    hikari.setMinimumIdle(1);
    hikari.setConnectionTimeout(10_000);
    if (url == null) {
      hikari.setJdbcUrl(embeddedUrl(dataDirectory));
      DataDirectory.createPrivate(dataDirectory, FILE + FILE_SUFFIX);
      hikari.setUsername("onbehalf");
      hikari.setPassword("");
    } else {
      if (!url.startsWith("jdbc:postgresql:")) {
        throw new StoreException(
            "The database URL must start with jdbc:postgresql: (leave it out for the embedded"
                + " database).");
      }
      hikari.setJdbcUrl(url);
      hikari.setUsername(config.user());
      hikari.setPassword(config.password() == null ? null : config.password().reveal());
      hikari.addDataSourceProperty("ApplicationName", "onbehalf");
      hikari.addDataSourceProperty("reWriteBatchedInserts", "true");
      // Detail lines of the server quote the values of the row.
      hikari.addDataSourceProperty("logServerErrorDetail", "false");
    }
    try {
      return new HikariDataSource(hikari);
    } catch (HikariPool.PoolInitializationException e) {
      throw new StoreException(unreachable(url, dataDirectory, e), e);
    }
  }

  private static String unreachable(@Nullable String url, Path dataDirectory, Throwable fault) {
    Throwable cause = fault.getCause() == null ? fault : fault.getCause();
    if (url != null) {
      return "The database " + withoutParameters(url) + " does not answer: " + cause.getMessage();
    }
    if (cause instanceof SQLException sql && sql.getErrorCode() == 90_048) {
      return "The database file in "
          + dataDirectory
          + " has the format of another version; start the version that wrote it.";
    }
    return "The database file in " + dataDirectory + " cannot be opened: " + cause.getMessage();
  }

  private static String withoutParameters(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  private static String embeddedUrl(Path dataDirectory) {
    Path file = dataDirectory.toAbsolutePath().normalize().resolve(FILE);
    if (file.toString().indexOf(';') >= 0) {
      throw new StoreException(
          "The data directory "
              + dataDirectory
              + " must not have a semicolon in its path; name another one.");
    }
    return "jdbc:h2:file:"
        + file
        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
        // Ours is held already; a commit is handed to the system before it returns.
        + ";FILE_LOCK=FS;WRITE_DELAY=0"
        + ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE"
        // Without these, 64 MB of heap per GB, and traces with values beside the database.
        + ";CACHE_SIZE="
        + cacheKilobytes()
        + ";TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0"
        + ";LOCK_TIMEOUT=5000";
  }

  /** An eighth of the heap, which fills with use alone. */
  private static long cacheKilobytes() {
    return Math.max(16 << 10, Math.min(128 << 10, Runtime.getRuntime().maxMemory() >> 13));
  }

  private static void closePool(HikariDataSource pool, Dialect dialect) {
    if (dialect == Dialect.H2) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      } catch (SQLException e) {
        // It is closed already, or will be repaired at the next opening.
      }
    }
    pool.close();
  }

  private static void release(@Nullable FileChannel lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean isTransient(Throwable fault) {
    Throwable cause = fault;
    while (cause != null) {
      if (cause instanceof SQLException sql
          && TRANSIENT.contains(String.valueOf(sql.getSQLState()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, FIRST_PAUSE_MILLIS << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the database.", e);
    }
  }

  private static String message(StatementException fault) {
    String sql =
        fault.getStatementContext() == null ? null : fault.getStatementContext().getRawSql();
    String reason = fault.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
    return "A statement failed (SQLSTATE " + reason + "): " + sql;
  }
}
