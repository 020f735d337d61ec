package dev.onbehalf.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nonces in memory and in a pair of journals, for one process. Every nonce goes to the younger
 * journal; once that is older than any of the elder's nonces can matter, the elder is dropped and a
 * new one begun. What was dropped is remembered as a floor, below which every timestamp is refused,
 * so that a clock that is set back opens nothing.
 */
final class JournalNonces implements NonceStore.Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(JournalNonces.class);
  private static final int STRIPES = 64;
  private static final long FORCE_MILLIS = 200;
  private static final long MARGIN_MILLIS = 60_000;

  /** A journal is dated so far ahead, by when it must be in use. */
  private static final long SWAP_MILLIS = 5_000;

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    LongSet elder = new LongSet();
    LongSet younger = new LongSet();
  }

  private final Path directory;
  private final long windowMillis;
  private final InstantSource clock;
  private final int capacity;
  private final Stripe[] stripes = new Stripe[STRIPES];
  private final Thread thread = new Thread(this::run, "nonces");
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable NonceJournal elder;
  private volatile NonceJournal younger;
  private volatile boolean closed;
  private volatile boolean failed;

  private JournalNonces(Path directory, Duration window, InstantSource clock, int capacity)
      throws IOException {
    this.directory = directory;
    this.windowMillis = window.toMillis();
    this.clock = clock;
    this.capacity = capacity;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
    List<Path> files = files();
    if (files.size() > 1) {
      elder =
          NonceJournal.reopen(
              files.get(files.size() - 2), capacity, digest -> stripe(digest).elder.add(digest));
    }
    younger =
        files.isEmpty()
            ? NonceJournal.create(
                file(1),
                new NonceJournal.Header(clock.millis(), Long.MIN_VALUE, windowMillis),
                capacity)
            : NonceJournal.reopen(
                files.get(files.size() - 1),
                capacity,
                digest -> stripe(digest).younger.add(digest));
    // A third is left where dropping it was interrupted.
    for (int i = 0; i < files.size() - 2; i++) {
      Files.deleteIfExists(files.get(i));
    }
    thread.setDaemon(true);
  }

  static JournalNonces open(
      Path dataDirectory, Duration window, InstantSource clock, int capacity) {
    Path directory = dataDirectory.resolve("nonces");
    try {
      Files.createDirectories(directory);
      JournalNonces nonces = new JournalNonces(directory, window, clock, capacity);
      nonces.thread.start();
      return nonces;
    } catch (IOException e) {
      throw new StoreException(
          "The nonce journal in " + directory + " cannot be used (" + e + ").", e);
    }
  }

  @Override
  public boolean spend(long timestampSeconds, long digest) {
    if (closed || failed) {
      throw new IllegalStateException("The nonce journal is closed or failed.");
    }
    Stripe stripe = stripe(digest);
    stripe.lock.lock();
    try {
      long now = clock.millis();
      if (timestampSeconds < (now - windowMillis - MARGIN_MILLIS) / 1_000
          || timestampSeconds > (now + windowMillis + MARGIN_MILLIS) / 1_000
          || timestampSeconds <= younger.header().floorSeconds()) {
        return false;
      }
      if (stripe.elder.contains(digest) || !stripe.younger.add(digest)) {
        return false;
      }
      younger.append(digest);
      return true;
    } catch (IOException e) {
      throw new IllegalStateException("A nonce cannot be recorded: " + e.getMessage() + ".", e);
    } finally {
      stripe.lock.unlock();
    }
  }

  @Override
  public long purge(Instant now) {
    return rotateIfDue();
  }

  @Override
  public OptionalLong held() {
    long held = 0;
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        held += stripe.elder.size() + (long) stripe.younger.size();
      } finally {
        stripe.lock.unlock();
      }
    }
    return OptionalLong.of(held);
  }

  @Override
  public boolean waits() {
    return false;
  }

  @Override
  public void close() {
    closed = true;
    closing.countDown();
    try {
      thread.join(10_000);
      closeJournals();
    } catch (IOException e) {
      throw new StoreException("The nonce journal cannot be closed (" + e + ").", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void closeJournals() throws IOException {
    lockAll();
    try {
      younger.force();
      younger.close();
      if (elder != null) {
        elder.close();
      }
    } finally {
      unlockAll();
    }
  }

  private void run() {
    try {
      while (!closing.await(FORCE_MILLIS, TimeUnit.MILLISECONDS)) {
        younger.force();
        rotateIfDue();
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      failed = true;
      LOG.error("The nonce journal failed; signed requests are refused until a restart.", e);
    }
  }

  /** Returns how many nonces were dropped. */
  private synchronized long rotateIfDue() {
    NonceJournal current = younger;
    long now = clock.millis();
    NonceJournal.Header header = current.header();
    long reach = Math.max(windowMillis, header.windowMillis()) + MARGIN_MILLIS;
    if (elder != null) {
      reach = Math.max(reach, elder.header().windowMillis() + MARGIN_MILLIS);
    }
    long due = header.createdMillis() + 2 * reach + 2_000;
    if (closed || now <= due) {
      return 0;
    }
    // The elder got its last nonce before the younger was begun.
    NonceJournal dropped = elder;
    long floor =
        dropped == null
            ? header.floorSeconds()
            : Math.max(header.floorSeconds(), (header.createdMillis() + reach) / 1_000 + 1);
    try {
      // The disk may be slow: nobody who spends waits for it.
      NonceJournal begun =
          NonceJournal.create(
              file(number(current.file()) + 1),
              new NonceJournal.Header(now + SWAP_MILLIS, floor, windowMillis),
              capacity);
      if (clock.millis() > now + SWAP_MILLIS) {
        begun.close();
        Files.deleteIfExists(begun.file());
        return 0;
      }
      long count = swap(begun);
      current.force();
      if (dropped != null) {
        dropped.close();
        Files.deleteIfExists(dropped.file());
      }
      return count;
    } catch (IOException e) {
      LOG.error("A new nonce journal cannot be begun in {}; the old one grows.", directory, e);
      return 0;
    }
  }

  /** Returns how many nonces were dropped. */
  private long swap(NonceJournal begun) {
    lockAll();
    try {
      long dropped = 0;
      for (Stripe stripe : stripes) {
        dropped += stripe.elder.size();
        stripe.elder = stripe.younger;
        stripe.younger = new LongSet();
      }
      elder = younger;
      younger = begun;
      return dropped;
    } finally {
      unlockAll();
    }
  }

  private void lockAll() {
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
    }
  }

  private void unlockAll() {
    for (Stripe stripe : stripes) {
      stripe.lock.unlock();
    }
  }

  private Stripe stripe(long digest) {
    return stripes[(int) digest & (STRIPES - 1)];
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(directory)) {
      all.filter(path -> String.valueOf(path.getFileName()).matches("[0-9]{12}\\.journal"))
          .sorted()
          .forEach(files::add);
    }
    return files;
  }

  private Path file(long number) {
    return directory.resolve(String.format("%012d.journal", number));
  }

  private static long number(Path file) {
    return Long.parseLong(String.valueOf(file.getFileName()).substring(0, 12));
  }
}
