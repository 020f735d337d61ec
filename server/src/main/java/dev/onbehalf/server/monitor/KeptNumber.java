package dev.onbehalf.server.monitor;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A number that costs a look-up, kept for a while so that scraping cannot wear anything out. */
final class KeptNumber {
  private static final Logger LOG = LoggerFactory.getLogger(KeptNumber.class);

  private final String name;
  private final DoubleSupplier number;
  private final long keptNanos;
  private final LongSupplier nanoTime;
  private boolean known;
  private long lookedUpNanos;
  private double value;

  KeptNumber(String name, DoubleSupplier number, Duration kept, LongSupplier nanoTime) {
    this.name = name;
    this.number = number;
    this.keptNanos = kept.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Returns the number, NaN while it cannot be looked up. */
  synchronized double value() {
    long now = nanoTime.getAsLong();
    if (!known || now - lookedUpNanos >= keptNanos) {
      known = true;
      lookedUpNanos = now;
      try {
        value = number.getAsDouble();
      } catch (RuntimeException e) {
        LOG.debug("The metric {} cannot be looked up: {}", name, e.toString());
        value = Double.NaN;
      }
    }
    return value;
  }
}
