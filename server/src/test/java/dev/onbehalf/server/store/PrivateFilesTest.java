package dev.onbehalf.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the data directory holds is readable by its owner alone, file by file. */
class PrivateFilesTest {
  @TempDir Path directory;

  private void openAndClose(Path data) {
    try (Database database = Database.open(TestDatabase.embedded(), data)) {
      TinkSealer.open(database, data);
      NonceStore.open(database, data, Duration.ofMinutes(5), Clock.systemUTC()).close();
    }
  }

  private static Map<String, String> modes(Path data) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        modes.put(
            data.relativize(file).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return modes;
  }

  @Test
  void openWhenNewThenEveryFileIsTheOwnersAlone() throws IOException {
    Path data = directory.resolve("data");
    openAndClose(data);

    assertThat(modes(data)).containsKeys("onbehalf.mv.db", "lock", "format");
    assertThat(modes(data).keySet()).anyMatch(name -> name.startsWith("nonces/"));
    assertThat(modes(data).values()).containsOnly("rw-------");
  }

  @Test
  void openWhenOthersCouldReadThenNoMore() throws IOException {
    Path data = directory.resolve("data");
    openAndClose(data);
    for (String name : modes(data).keySet()) {
      if (name.startsWith("nonces/") || name.equals("onbehalf.mv.db")) {
        Files.setPosixFilePermissions(
            data.resolve(name), PosixFilePermissions.fromString("rw-r--r--"));
      }
    }

    openAndClose(data);

    assertThat(modes(data).values()).containsOnly("rw-------");
  }
}
