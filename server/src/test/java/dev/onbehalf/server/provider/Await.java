package dev.onbehalf.server.provider;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or node does on its own time. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Await() {}

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("It did not come true within " + PATIENCE + ".");
      }
      Thread.onSpinWait();
    }
  }
}
