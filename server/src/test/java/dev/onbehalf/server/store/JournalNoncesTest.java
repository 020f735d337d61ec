package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalNoncesTest {
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final SteppingClock clock = new SteppingClock();

  @TempDir Path directory;

  @Test
  void spendWhenFullThenItThrowsUntilOldOnesAreDropped() {
    try (JournalNonces nonces = JournalNonces.open(directory, WINDOW, clock, 3)) {
      for (int i = 1; i <= 3; i++) {
        assertThat(nonces.spend(clock.seconds(), i)).isTrue();
      }
      assertThatThrownBy(() -> nonces.spend(clock.seconds(), 4))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("full");
      assertThat(nonces.spend(clock.seconds(), 1)).isFalse();

      clock.move(Duration.ofMinutes(13));
      nonces.purge(clock.instant());
      assertThat(nonces.spend(clock.seconds(), 5)).isTrue();
    }
  }

  @Test
  void spendWhenManyThenAllAreKnownAfterARestart() {
    int count = 200_000;
    try (JournalNonces nonces = JournalNonces.open(directory, WINDOW, clock, count)) {
      for (int i = 1; i <= count; i++) {
        assertThat(nonces.spend(clock.seconds(), i * 0x9E37_79B9_7F4A_7C15L)).isTrue();
      }
    }
    try (JournalNonces nonces = JournalNonces.open(directory, WINDOW, clock, count)) {
      for (int i = 1; i <= count; i++) {
        assertThat(nonces.spend(clock.seconds(), i * 0x9E37_79B9_7F4A_7C15L)).isFalse();
      }
    }
  }

  @Test
  void spendWhenTheThreadIsInterruptedThenTheJournalStaysOpen() {
    try (JournalNonces nonces = JournalNonces.open(directory, WINDOW, clock, 100_000)) {
      Thread.currentThread().interrupt();
      assertThat(nonces.spend(clock.seconds(), 1)).isTrue();
      assertThat(Thread.interrupted()).isTrue();
      for (int i = 2; i < 50_000; i++) {
        assertThat(nonces.spend(clock.seconds(), i)).isTrue();
      }
    }
  }

  @Test
  void openWhenTheWindowWasLongerBeforeThenNothingThatCouldBeReplayedIsForgotten() {
    Duration longer = Duration.ofHours(1);
    long early = clock.seconds() + 3_540;
    try (JournalNonces nonces = JournalNonces.open(directory, longer, clock, 100)) {
      assertThat(nonces.spend(early, 1)).isTrue();
    }
    try (JournalNonces nonces = JournalNonces.open(directory, WINDOW, clock, 100)) {
      for (int minute = 0; minute < 180; minute++) {
        clock.move(Duration.ofMinutes(1));
        nonces.purge(clock.instant());
        assertThat(nonces.spend(early, 1)).isFalse();
      }
    }
  }

  @Test
  void openWhenBeginningAFileWasInterruptedThenItIsIgnored() throws IOException {
    JournalNonces.open(directory, WINDOW, clock, 100).close();
    Files.write(directory.resolve("nonces/000000000002.journal.tmp"), new byte[3]);

    JournalNonces.open(directory, WINDOW, clock, 100).close();
  }

  @Test
  void openWhenAFileIsDamagedThenOneSentence() throws IOException {
    JournalNonces.open(directory, WINDOW, clock, 100).close();
    Files.write(directory.resolve("nonces/000000000001.journal"), new byte[64]);

    assertThatThrownBy(() -> JournalNonces.open(directory, WINDOW, clock, 100))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is damaged");
  }
}
