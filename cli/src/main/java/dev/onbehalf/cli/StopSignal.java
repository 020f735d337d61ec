package dev.onbehalf.cli;

import java.util.concurrent.CountDownLatch;

/** Waits until the process is told to stop, and lets it close what is open first. */
public final class StopSignal {
  private StopSignal() {}

  /** Blocks until SIGTERM or SIGINT, then closes {@code open} before the process ends. */
  public static void await(AutoCloseable open) throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              try {
                open.close();
              } catch (Exception e) {
                System.err.println("onbehalf: could not stop cleanly: " + e.getMessage());
              } finally {
                told.countDown();
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    told.await();
  }
}
