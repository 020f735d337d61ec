package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class NonceStoreTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final SteppingClock clock = new SteppingClock();

  @OnEachDatabase
  void spendWhenNewThenTrueAndWhenSpentThenFalse(TestDatabase database) {
    try (NonceStore nonces = open(database)) {
      assertThat(nonces.spend("jira", "t", clock.seconds(), "n")).isTrue();
      assertThat(nonces.spend("jira", "t", clock.seconds(), "n")).isFalse();
    }
  }

  @OnEachDatabase
  void spendWhenAnyPartDiffersThenItIsAnotherNonce(TestDatabase database) {
    try (NonceStore nonces = open(database)) {
      long now = clock.seconds();
      assertThat(nonces.spend("ab", "c", now, "d")).isTrue();
      assertThat(nonces.spend("a", "bc", now, "d")).isTrue();
      assertThat(nonces.spend("ab", "", now, "cd")).isTrue();
      assertThat(nonces.spend("ab", "c", now - 1, "d")).isTrue();
      assertThat(nonces.spend("ab", "c", now, "D")).isTrue();
      assertThat(nonces.spend("", "", now, "")).isTrue();
      assertThat(nonces.spend("ab", "c", now, "d")).isFalse();
    }
  }

  @OnEachDatabase
  void spendWhenRestartedThenStillSpent(TestDatabase database) {
    try (NonceStore nonces = open(database)) {
      nonces.spend("jira", "t", clock.seconds(), "n");
    }
    database.reopen();
    try (NonceStore nonces = open(database)) {
      assertThat(nonces.spend("jira", "t", clock.seconds(), "n")).isFalse();
      assertThat(nonces.spend("jira", "t", clock.seconds(), "m")).isTrue();
    }
    try (NonceStore nonces = open(database)) {
      assertThat(nonces.spend("jira", "t", clock.seconds(), "m")).isFalse();
    }
  }

  @OnEachDatabase
  void spendWhenKilledWithoutClosingThenStillSpent(TestDatabase database) throws IOException {
    try (NonceStore killed = open(database)) {
      killed.spend("jira", "t", clock.seconds(), "n");
      Path copy = Files.createTempDirectory(database.dataDirectory(), "copy");
      copyJournals(database.dataDirectory(), copy);
      try (NonceStore next = NonceStore.open(database.database(), copy, WINDOW, clock)) {
        assertThat(next.spend("jira", "t", clock.seconds(), "n")).isFalse();
      }
    }
  }

  @OnEachDatabase
  void spendWhenOutsideTheWindowThenFalse(TestDatabase database) {
    try (NonceStore nonces = open(database)) {
      long now = clock.seconds();
      assertThat(nonces.spend("jira", "t", now - 3_600, "n")).isFalse();
      assertThat(nonces.spend("jira", "t", now + 3_600, "n")).isFalse();
      assertThat(nonces.spend("jira", "t", Long.MAX_VALUE, "n")).isFalse();
      assertThat(nonces.spend("jira", "t", Long.MIN_VALUE, "n")).isFalse();
      assertThat(nonces.spend("jira", "t", now - 300, "n")).isTrue();
      assertThat(nonces.spend("jira", "t", now + 300, "n")).isTrue();
    }
  }

  @OnEachDatabase
  void spendWhenManyThreadsTryTheSameThenExactlyOneWins(TestDatabase database) throws Exception {
    int each = 500;
    AtomicInteger won = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (NonceStore nonces = open(database)) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    if (nonces.spend("jira", "t", clock.seconds() - i % 100, "n" + i)) {
                      won.incrementAndGet();
                    }
                  }
                }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(won.get()).isEqualTo(each);
  }

  @OnEachDatabase
  void purgeWhenTimePassesThenNothingThatCouldBeReplayedIsForgotten(TestDatabase database) {
    try (NonceStore nonces = open(database)) {
      long spentAt = clock.seconds();
      nonces.spend("jira", "t", spentAt + 300, "early");
      for (int minute = 0; minute < 60; minute++) {
        clock.move(Duration.ofMinutes(1));
        nonces.purge(clock.instant());
        assertThat(nonces.spend("jira", "t", spentAt + 300, "early")).isFalse();
        assertThat(nonces.spend("jira", "t", clock.seconds(), "of minute " + minute)).isTrue();
      }
    }
  }

  @OnEachDatabase
  void spendWhenTheClockIsSetBackBehindWhatWasForgottenThenFalse(TestDatabase database) {
    long spentAt = clock.seconds();
    try (NonceStore nonces = open(database)) {
      nonces.spend("jira", "t", spentAt, "n");
      for (int minute = 0; minute < 60; minute++) {
        clock.move(Duration.ofMinutes(1));
        nonces.purge(clock.instant());
      }
      clock.move(Duration.ofHours(-1));
      assertThat(nonces.spend("jira", "t", spentAt, "n")).isFalse();
    }
    try (NonceStore nonces = open(database)) {
      assertThat(nonces.spend("jira", "t", spentAt, "n")).isFalse();
    }
  }

  @OnEachDatabase
  void purgeWhenTimePassesThenTheStoreDoesNotGrow(TestDatabase database) throws IOException {
    try (NonceStore nonces = open(database)) {
      for (int minute = 0; minute < 120; minute++) {
        nonces.spend("jira", "t", clock.seconds(), "n");
        clock.move(Duration.ofMinutes(1));
        nonces.purge(clock.instant());
      }
      int rows =
          database
              .database()
              .read(
                  handle ->
                      handle.createQuery("SELECT COUNT(*) FROM nonce").mapTo(Integer.class).one());
      assertThat(rows).isLessThan(20);
      assertThat(journals(database.dataDirectory())).hasSizeLessThanOrEqualTo(2);
    }
  }

  @OnEachDatabase
  void spendWhenClosedThenItThrows(TestDatabase database) {
    NonceStore nonces = open(database);
    nonces.close();

    assertThatThrownBy(() -> nonces.spend("jira", "t", clock.seconds(), "n"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void spendWhenTheDatabaseIsGoneThenItThrowsAndNeverPasses() {
    try (TestDatabase database = TestDatabase.create(Database.Dialect.POSTGRESQL);
        NonceStore nonces = open(database)) {
      database.database().close();
      assertThatThrownBy(() -> nonces.spend("jira", "t", clock.seconds(), "n"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void spendWhenTwoNodesShareADatabaseThenOneWins() {
    try (TestDatabase database = TestDatabase.create(Database.Dialect.POSTGRESQL);
        Database other = Database.open(database.config(), database.dataDirectory());
        NonceStore first = open(database);
        NonceStore second = NonceStore.open(other, database.dataDirectory(), WINDOW, clock)) {
      assertThat(first.spend("jira", "t", clock.seconds(), "n")).isTrue();
      assertThat(second.spend("jira", "t", clock.seconds(), "n")).isFalse();
    }
  }

  private NonceStore open(TestDatabase database) {
    return NonceStore.open(database.database(), database.dataDirectory(), WINDOW, clock);
  }

  private static void copyJournals(Path from, Path to) throws IOException {
    Files.createDirectories(to.resolve("nonces"));
    for (Path journal : journals(from)) {
      Files.copy(journal, to.resolve("nonces").resolve(journal.getFileName()));
    }
  }

  private static List<Path> journals(Path dataDirectory) throws IOException {
    Path directory = dataDirectory.resolve("nonces");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
