package dev.onbehalf.acceptance.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The directories of the build that the peers read from and write into. */
public final class Workspace {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private Workspace() {}

  /** The directory of this module. */
  public static Path base() {
    return Path.of(System.getProperty("acceptance.basedir", ".")).toAbsolutePath().normalize();
  }

  /** The build directory of this module. */
  public static Path target() {
    return Path.of(System.getProperty("acceptance.target", base().resolve("target").toString()))
        .toAbsolutePath()
        .normalize();
  }

  /**
   * Creates a fresh directory for one run of one peer. It stays after the run, so that its logs can
   * be read.
   *
   * @throws UncheckedIOException when the directory cannot be made
   */
  public static Path create(String name) {
    try {
      Path parent = Files.createDirectories(target().resolve("peers"));
      return Files.createTempDirectory(parent, name + "-" + COUNTER.incrementAndGet() + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The {@code java} program the tests themselves run on. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
