package dev.onbehalf.delivery.send;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A lock among threads and processes; the operating system frees it when its holder dies. */
final class FileLock implements AutoCloseable {
  private static final ConcurrentMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();
  private static final Duration POLL = Duration.ofMillis(20);

  private final ReentrantLock threads;
  private final FileChannel channel;

  private FileLock(ReentrantLock threads, FileChannel channel) {
    this.threads = threads;
    this.channel = channel;
  }

  static FileLock take(Path file) throws IOException {
    ReentrantLock threads = among(file);
    threads.lock();
    try {
      FileChannel channel = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return new FileLock(threads, channel);
    } catch (IOException | RuntimeException e) {
      threads.unlock();
      throw e;
    }
  }

  /** Returns the lock, or empty when others hold it for all of {@code patience}. */
  static Optional<FileLock> take(Path file, Duration patience)
      throws IOException, InterruptedException {
    long endNanos = System.nanoTime() + patience.toNanos();
    ReentrantLock threads = among(file);
    if (!threads.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      return Optional.empty();
    }
    boolean taken = false;
    FileChannel channel = null;
    try {
      channel = open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      while (channel.tryLock() == null) {
        if (System.nanoTime() - endNanos >= 0) {
          return Optional.empty();
        }
        Thread.sleep(POLL.toMillis());
      }
      taken = true;
      return Optional.of(new FileLock(threads, channel));
    } finally {
      if (!taken) {
        if (channel != null) {
          channel.close();
        }
        threads.unlock();
      }
    }
  }

  private static ReentrantLock among(Path file) {
    return THREADS.computeIfAbsent(
        file.toAbsolutePath().normalize(), path -> new ReentrantLock(true));
  }

  /** Opens a file; where that creates it, nobody else may read it. */
  static FileChannel open(Path file, OpenOption... options) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? FileChannel.open(
            file,
            Set.of(options),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(file, options);
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      threads.unlock();
    }
  }
}
