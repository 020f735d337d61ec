package dev.onbehalf.server.store;

import dev.onbehalf.server.config.DatabaseConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fresh, migrated database with a data directory of its own. The schema is migrated once per JVM
 * and kind; every database is a copy of that one. All PostgreSQL databases live in one server.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;
  private static @Nullable Path embeddedTemplate;
  private static @Nullable String postgresTemplate;

  private final DatabaseConfig config;
  private final Path dataDirectory;
  private Database database;

  private TestDatabase(DatabaseConfig config, Path dataDirectory) {
    this.config = config;
    this.dataDirectory = dataDirectory;
    this.database = Database.open(config, dataDirectory);
  }

  public static TestDatabase create(Database.Dialect dialect) {
    try {
      Path directory = Files.createTempDirectory("onbehalf-test");
      if (dialect == Database.Dialect.H2) {
        copyEmbeddedTemplate(directory);
        return new TestDatabase(embedded(), directory);
      }
      return new TestDatabase(newPostgres(), directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The open database; after {@link #reopen} another one. */
  public Database database() {
    return database;
  }

  /** How to open this database, as a second node would. */
  public DatabaseConfig config() {
    return config;
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /** Closes the database and opens it again, as a restart does. */
  public Database reopen() {
    database.close();
    database = Database.open(config, dataDirectory);
    return database;
  }

  @Override
  public void close() {
    database.close();
    try (Stream<Path> files = Files.walk(dataDirectory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An embedded database in the data directory it is opened with. */
  public static DatabaseConfig embedded() {
    return new DatabaseConfig(null, null, null, 4);
  }

  /** An empty PostgreSQL database without a schema. */
  public static DatabaseConfig emptyPostgres() {
    return createPostgres("template1");
  }

  private static synchronized void copyEmbeddedTemplate(Path directory) throws IOException {
    if (embeddedTemplate == null) {
      Path template = Files.createTempDirectory("onbehalf-template");
      Database.open(embedded(), template).close();
      embeddedTemplate = template.resolve("onbehalf.mv.db");
      for (String rest : List.of("lock", "format")) {
        Files.deleteIfExists(template.resolve(rest));
      }
      template.toFile().deleteOnExit();
      embeddedTemplate.toFile().deleteOnExit();
    }
    Files.copy(embeddedTemplate, directory.resolve("onbehalf.mv.db"));
  }

  private static synchronized DatabaseConfig newPostgres() throws IOException {
    if (postgresTemplate == null) {
      DatabaseConfig template = createPostgres("template1");
      Path directory = Files.createTempDirectory("onbehalf-template");
      Database.open(template, directory).close();
      Files.deleteIfExists(directory.resolve("format"));
      Files.deleteIfExists(directory);
      postgresTemplate = "test" + NUMBER.get();
    }
    return createPostgres(postgresTemplate);
  }

  private static synchronized DatabaseConfig createPostgres(String template) {
    try {
      if (server == null) {
        server = EmbeddedPostgres.builder().start();
      }
      String name = "test" + NUMBER.incrementAndGet();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
      }
      return new DatabaseConfig(server.getJdbcUrl("postgres", name), null, null, 4);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
