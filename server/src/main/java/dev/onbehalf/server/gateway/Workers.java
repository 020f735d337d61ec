package dev.onbehalf.server.gateway;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bounded pool for decisions that wait for a database. */
final class Workers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int WAITING_REQUESTS = 2048;

  private final ThreadPoolExecutor threads;

  Workers() {
    int count = Math.max(8, 4 * Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_REQUESTS),
            task -> {
              Thread thread = new Thread(task, "decision-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Runs a step of a decision on the pool; refuses the request when too many wait. */
  void run(Arrived arrived, Runnable step) {
    try {
      threads.execute(() -> guard(arrived, step));
    } catch (RejectedExecutionException e) {
      LOG.warn("Too many requests wait to be checked, request {}.", arrived.id());
      arrived.meters().refused("busy");
      arrived.refuse(503, "Too many requests at once; try again in a moment.");
    }
  }

  /** Runs a step of a decision on this thread; a failure refuses the request. */
  static void guard(Arrived arrived, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error(
          "{} {} at {} could not be decided, request {}.",
          arrived.method(),
          arrived.path(),
          arrived.application().name(),
          arrived.id(),
          e);
      arrived.meters().refused("failure");
      arrived.refuse(503, "Who is asking cannot be checked right now; try again later.");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
