package dev.onbehalf.server.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * The spent nonces: in PostgreSQL, where the nodes share them, or in a journal beside the embedded
 * database. A nonce is known by 64 bits of its SHA-256: a collision, 1 in 10^12 at a million
 * nonces, refuses a request and never lets a replay pass.
 *
 * <p>Durability: a nonce that was answered survives the end of the process, {@code kill -9}
 * included. A power failure may take the last 200 ms of the journal, or of PostgreSQL's {@code
 * wal_writer_delay} three times over (600 ms by default), since every nonce would else wait for a
 * disk.
 */
public final class NonceStore implements Nonces, MeterBinder, AutoCloseable {
  static final int CAPACITY = 4_000_000;

  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(NonceStore::sha256);

  /** Where the nonces are kept. */
  interface Keeper extends AutoCloseable {
    /** Returns false if {@code digest}, never 0, is known for this timestamp. */
    boolean spend(long timestampSeconds, long digest);

    long purge(Instant now);

    boolean waits();

    /** Returns how many nonces are held in memory; empty where a database holds them. */
    default OptionalLong held() {
      return OptionalLong.empty();
    }

    @Override
    void close();
  }

  private final Keeper keeper;

  private NonceStore(Keeper keeper) {
    this.keeper = keeper;
  }

  /**
   * Opens the nonces.
   *
   * @param window how far a timestamp may be off, either way; what lies outside counts as spent
   * @throws StoreException if the journal cannot be read
   */
  public static NonceStore open(
      Database database, Path dataDirectory, Duration window, InstantSource clock) {
    return open(database, dataDirectory, window, clock, CAPACITY);
  }

  static NonceStore open(
      Database database, Path dataDirectory, Duration window, InstantSource clock, int capacity) {
    return new NonceStore(
        switch (database.dialect()) {
          case H2 -> JournalNonces.open(dataDirectory, window, clock, capacity);
          case POSTGRESQL -> PostgresNonces.open(database, window, clock);
        });
  }

  @Override
  public boolean spend(String consumerKey, String token, long timestampSeconds, String nonce) {
    MessageDigest digest = SHA_256.get();
    update(digest, consumerKey);
    update(digest, token);
    putLong(digest, timestampSeconds);
    update(digest, nonce);
    byte[] hash = digest.digest();
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | (hash[i] & 0xFF);
    }
    return keeper.spend(timestampSeconds, value == 0 ? 1 : value);
  }

  @Override
  public boolean waits() {
    return keeper.waits();
  }

  /** Forgets the nonces whose timestamps are refused anyway; a {@link Purger.Purge}. */
  public long purge(Instant now) {
    return keeper.purge(now);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    if (keeper.held().isPresent()) {
      Gauge.builder("onbehalf.nonces.held", keeper, held -> held.held().orElse(0))
          .description("Nonces of signed requests held in memory.")
          .register(registry);
    }
  }

  /** Brings everything to the disk; nothing can be spent any more. */
  @Override
  public void close() {
    keeper.close();
  }

  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    putLong(digest, bytes.length);
    digest.update(bytes);
  }

  private static void putLong(MessageDigest digest, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      digest.update((byte) (value >>> shift));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
