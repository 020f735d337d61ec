package dev.onbehalf.delivery.send;

import java.time.Duration;

/** Waits; replaced in tests, together with the clock. */
@FunctionalInterface
public interface Sleeper {
  void sleep(Duration duration) throws InterruptedException;
}
