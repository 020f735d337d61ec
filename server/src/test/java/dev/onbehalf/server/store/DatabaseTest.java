package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.server.config.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {

  @OnEachDatabase
  void writeWhenWorkThrowsThenNothingIsKept(Database database) {
    assertThatThrownBy(
            () ->
                database.execute(
                    handle -> {
                      put(handle, "a", 1);
                      throw new IOException("stop");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(count(database)).isZero();
  }

  @OnEachDatabase
  void reopenWhenSomethingWasCommittedThenItIsStillThere(TestDatabase database) {
    database.database().execute(handle -> put(handle, "a", 1));

    assertThat(count(database.reopen())).isEqualTo(1);
  }

  @OnEachDatabase
  void writeWhenTwoTransactionsDeadlockThenBothAreDone(Database database) throws Exception {
    database.execute(
        handle -> {
          put(handle, "a", 0);
          put(handle, "b", 0);
        });
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    AtomicInteger runs = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> one = threads.submit(() -> add(database, "a", "b", bothHoldOne, runs));
      Future<?> two = threads.submit(() -> add(database, "b", "a", bothHoldOne, runs));
      one.get();
      two.get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(runs.get()).isGreaterThan(2);
    Integer total =
        database.read(
            handle ->
                handle
                    .createQuery("SELECT SUM(LENGTH(content)) FROM instance")
                    .mapTo(Integer.class)
                    .one());
    assertThat(total).isEqualTo(4);
  }

  private static Void add(
      Database database, String first, String second, CyclicBarrier barrier, AtomicInteger runs)
      throws Exception {
    boolean[] waited = {false};
    database.execute(
        handle -> {
          runs.incrementAndGet();
          grow(handle, first);
          if (!waited[0]) {
            waited[0] = true;
            barrier.await();
          }
          grow(handle, second);
        });
    return null;
  }

  @OnEachDatabase
  void writeWhenAStatementFailsThenTheMessageHidesTheValues(Database database) {
    database.execute(handle -> put(handle, "hidden-name", 1));

    assertThatThrownBy(() -> database.execute(handle -> put(handle, "hidden-name", 1)))
        .hasMessageContaining("INSERT INTO instance")
        .hasMessageContaining("23505")
        .hasMessageNotContaining("hidden-name");
  }

  @OnEachDatabase
  void openWhenSchemaIsNewerThenRefusedInOneSentence(TestDatabase database) {
    database
        .database()
        .execute(
            handle ->
                handle.execute(
                    "INSERT INTO schema_history (\"installed_rank\", \"version\", \"description\","
                        + " \"type\", \"script\", \"installed_by\", \"execution_time\", \"success\")"
                        + " VALUES (9999, '9999', 'later', 'SQL', 'V9999__later.sql', 'x', 1, true)"));

    assertThatThrownBy(database::reopen)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer version of Onbehalf (schema V9999");
  }

  @Test
  void openWhenDirectoryIsInUseThenRefusedInOneSentence(@TempDir Path directory) {
    try (Database first = Database.open(TestDatabase.embedded(), directory)) {
      assertThat(first.dialect()).isEqualTo(Database.Dialect.H2);
      assertThatThrownBy(() -> Database.open(TestDatabase.embedded(), directory))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by another process");
    }
    Database.open(TestDatabase.embedded(), directory).close();
  }

  @Test
  void openWhenDirectoryHasANewerFormatThenRefusedInOneSentence(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("format"), "2\n");

    assertThatThrownBy(() -> Database.open(TestDatabase.embedded(), directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer version of Onbehalf");
  }

  @Test
  void openWhenDirectoryIsAFileThenRefusedInOneSentence(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("data"), "");

    assertThatThrownBy(() -> Database.open(TestDatabase.embedded(), file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void openWhenServerDoesNotAnswerThenRefusedWithoutThePassword(@TempDir Path directory) {
    DatabaseConfig nobody =
        new DatabaseConfig(
            "jdbc:postgresql://127.0.0.1:1/x?password=hidden&loginTimeout=1", "x", null, 1);

    assertThatThrownBy(() -> Database.open(nobody, directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/x does not answer")
        .hasMessageNotContaining("hidden");
  }

  private static int put(Handle handle, String name, int length) {
    return handle.execute(
        "INSERT INTO instance (name, content) VALUES (?, ?)", name, new byte[length]);
  }

  private static void grow(Handle handle, String name) {
    byte[] content =
        handle
            .createQuery("SELECT content FROM instance WHERE name = ? FOR UPDATE")
            .bind(0, name)
            .mapTo(byte[].class)
            .one();
    handle.execute(
        "UPDATE instance SET content = ? WHERE name = ?", new byte[content.length + 1], name);
  }

  private static int count(Database database) {
    return database.read(
        handle -> handle.createQuery("SELECT COUNT(*) FROM instance").mapTo(Integer.class).one());
  }
}
