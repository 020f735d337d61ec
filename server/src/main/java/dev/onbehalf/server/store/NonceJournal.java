package dev.onbehalf.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * One append-only file of digests. It is written through mapped memory, which the system keeps when
 * the process is killed; a chunk is filled with zeros first, so that a full disk shows as an {@link
 * IOException} before memory is touched. A zero is a place never written.
 */
final class NonceJournal implements AutoCloseable {
  private static final long MAGIC = 0x4F42_4E4F_4E43_4531L;
  private static final int HEADER_BYTES = 32;
  private static final int CHUNK_BYTES = 1 << 18;
  private static final int PER_CHUNK = CHUNK_BYTES / Long.BYTES;

  /**
   * The first bytes of a file.
   *
   * @param createdMillis when the file was begun
   * @param floorSeconds requests with a timestamp of this second or earlier may be forgotten
   * @param windowMillis the timestamp window when the file was begun
   */
  record Header(long createdMillis, long floorSeconds, long windowMillis) {}

  private final Path file;
  private final FileChannel channel;
  private final Header header;
  private final int capacity;
  private final AtomicInteger next = new AtomicInteger();
  private volatile List<MappedByteBuffer> chunks = List.of();
  private int forced;

  private NonceJournal(Path file, FileChannel channel, Header header, int capacity) {
    this.file = file;
    this.channel = channel;
    this.header = header;
    this.capacity = capacity;
  }

  /** Begins a file, which appears under its name only when it is whole. */
  static NonceJournal create(Path file, Header header, int capacity) throws IOException {
    Path begun = file.resolveSibling(file.getFileName() + ".tmp");
    FileChannel channel =
        DataDirectory.openPrivate(
            begun,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES);
      bytes.putLong(MAGIC).putLong(header.createdMillis());
      bytes.putLong(header.floorSeconds()).putLong(header.windowMillis()).flip();
      writeFully(channel, bytes, 0);
      channel.force(true);
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
      return new NonceJournal(file, channel, header, capacity);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Opens a file of an earlier run for appending and hands out what it holds. */
  static NonceJournal reopen(Path file, int capacity, LongConsumer digests) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
      if (content.remaining() < HEADER_BYTES || content.getLong() != MAGIC) {
        throw new StoreException(
            "The nonce journal "
                + file
                + " is damaged; remove it once the timestamp window has passed since the last"
                + " request.");
      }
      Header header = new Header(content.getLong(), content.getLong(), content.getLong());
      NonceJournal journal = new NonceJournal(file, channel, header, capacity);
      int places = content.remaining() / Long.BYTES;
      int last = -1;
      for (int place = 0; place < places; place++) {
        long digest = content.getLong();
        if (digest != 0) {
          digests.accept(digest);
          last = place;
        }
      }
      journal.next.set(last + 1);
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  Header header() {
    return header;
  }

  /**
   * Appends; by several threads at once.
   *
   * @throws IOException if the journal is full or the disk is
   */
  void append(long digest) throws IOException {
    int place = next.getAndIncrement();
    if (place < 0 || place >= capacity) {
      next.set(capacity);
      throw new IOException("the journal " + file + " is full (" + capacity + " nonces)");
    }
    int chunk = place / PER_CHUNK;
    List<MappedByteBuffer> known = chunks;
    MappedByteBuffer buffer = chunk < known.size() ? known.get(chunk) : chunk(chunk);
    buffer.putLong(place % PER_CHUNK * Long.BYTES, digest);
  }

  /** Brings what was appended to the disk. */
  void force() {
    int end = Math.min(next.get(), capacity);
    List<MappedByteBuffer> known = chunks;
    if (end == forced) {
      return;
    }
    for (int chunk = forced / PER_CHUNK; chunk < known.size(); chunk++) {
      known.get(chunk).force();
    }
    forced = end;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private synchronized MappedByteBuffer chunk(int number) throws IOException {
    // An interrupted thread would close the channel for everybody.
    boolean interrupted = Thread.interrupted();
    try {
      return extend(number);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private MappedByteBuffer extend(int number) throws IOException {
    List<MappedByteBuffer> extended = new ArrayList<>(chunks);
    while (extended.size() <= number) {
      long start = HEADER_BYTES + (long) extended.size() * CHUNK_BYTES;
      long existing = channel.size();
      if (existing < start + CHUNK_BYTES) {
        int missing = Math.toIntExact(start + CHUNK_BYTES - Math.max(start, existing));
        writeFully(channel, ByteBuffer.allocate(missing), start + CHUNK_BYTES - missing);
      }
      extended.add(channel.map(FileChannel.MapMode.READ_WRITE, start, CHUNK_BYTES));
    }
    chunks = List.copyOf(extended);
    return extended.get(number);
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long start)
      throws IOException {
    long position = start;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }
}
