package dev.onbehalf.oauth1;

import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Initialised ciphers or signatures of one key, each used by one thread at a time. One that has
 * thrown is not given back.
 */
final class Idle<T> {
  private static final int MOST_KEPT = 16;

  /** Makes another one. */
  @FunctionalInterface
  interface Maker<T> {
    T make() throws GeneralSecurityException;
  }

  private final Maker<T> maker;
  private final ConcurrentLinkedQueue<T> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  Idle(Maker<T> maker) {
    this.maker = maker;
  }

  T take() throws GeneralSecurityException {
    T kept = idle.poll();
    if (kept == null) {
      return maker.make();
    }
    count.decrementAndGet();
    return kept;
  }

  void give(T used) {
    if (count.incrementAndGet() > MOST_KEPT) {
      count.decrementAndGet();
    } else {
      idle.add(used);
    }
  }
}
