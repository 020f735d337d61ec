package dev.onbehalf.oauth1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Reusable buffers of one parse or verification. They come from a fixed number of slots rather than
 * from thread locals, so that a virtual thread each request costs nothing and memory is bounded.
 */
final class Scratch {
  private static final int SLOTS = 64;
  private static final int LARGEST_KEPT = 64 * 1024;
  private static final AtomicReferenceArray<@Nullable Scratch> POOL =
      new AtomicReferenceArray<>(SLOTS);

  byte[] input = new byte[1024];
  byte[] output = new byte[2048];
  int[] order = new int[64];
  private int[] merge = new int[64];
  private final MessageDigest sha1 = digest("SHA-1");
  private final MessageDigest sha256 = digest("SHA-256");
  private final byte[] hash = new byte[32];

  private Scratch() {}

  static Scratch acquire() {
    Scratch scratch = POOL.getAndSet(slot(), null);
    return scratch == null ? new Scratch() : scratch;
  }

  void release() {
    if (input.length > LARGEST_KEPT) {
      input = new byte[1024];
    }
    if (output.length > LARGEST_KEPT) {
      output = new byte[2048];
    }
    if (order.length > LARGEST_KEPT / 4) {
      order = new int[64];
      merge = new int[64];
    }
    POOL.set(slot(), this);
  }

  byte[] input(int length) {
    if (input.length < length) {
      input = new byte[length];
    }
    return input;
  }

  /** Makes room for {@code length} bytes of output, keeping what is there. */
  byte[] output(int length) {
    if (output.length < length) {
      output = Arrays.copyOf(output, Math.max(length, 2 * output.length));
    }
    return output;
  }

  /** Makes room for {@code count} numbers, keeping what is there. */
  int[] order(int count) {
    if (order.length < count) {
      order = Arrays.copyOf(order, Math.max(count, 2 * order.length));
    }
    return order;
  }

  int[] merge(int count) {
    if (merge.length < count) {
      merge = new int[count];
    }
    return merge;
  }

  MessageDigest digestFor(SignatureMethod method) {
    MessageDigest digest = method.digestAlgorithm().equals("SHA-1") ? sha1 : sha256;
    digest.reset();
    return digest;
  }

  /** Room for one digest value. */
  byte[] hash() {
    return hash;
  }

  @SuppressWarnings("deprecation") // Thread.threadId() came with Java 19.
  private static int slot() {
    return (int) Thread.currentThread().getId() & (SLOTS - 1);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java lacks " + algorithm + ".", e);
    }
  }
}
