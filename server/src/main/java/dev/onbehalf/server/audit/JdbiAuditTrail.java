package dev.onbehalf.server.audit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records events from many threads through a bounded queue and one writer, in batches.
 *
 * <p>The window: {@code kill -9} can take the events of the last {@value #LINGER_MILLIS} ms, the
 * batch that is being written (at most {@value #BATCH} events), and whatever more waits because the
 * database is slower than the requests: never more than {@value #QUEUE} events and one batch.
 *
 * <p>A database that fails is tried again for ten seconds. A full queue makes the recording thread
 * wait up to a second; only then is an event given up, counted and reported in the log, and the
 * request goes on without it.
 */
public final class JdbiAuditTrail implements AuditTrail, MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JdbiAuditTrail.class);
  static final long LINGER_MILLIS = 100;
  static final int QUEUE = 10_000;
  static final int BATCH = 1_000;
  private static final long FULL_QUEUE_PATIENCE_MILLIS = 1_000;
  private static final long RETRY_MILLIS = 500;
  private static final int ATTEMPTS = 20;
  private static final long CLOSE_PATIENCE_MILLIS = 15_000;

  private final JdbiAuditStore store;
  private final BlockingQueue<AuditEvent> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer = new Thread(this::write, "audit");
  private volatile boolean closing;

  public JdbiAuditTrail(JdbiAuditStore store) {
    this.store = store;
    writer.setDaemon(true);
    writer.start();
  }

  @Override
  public void record(AuditEvent event) {
    if (closing) {
      lose(1, "the service is stopping");
      return;
    }
    try {
      if (!queue.offer(event, FULL_QUEUE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        lose(1, "its queue stayed full");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      lose(1, "the recording thread was interrupted");
    }
  }

  @Override
  public boolean waits() {
    return queue.remainingCapacity() < QUEUE / 2;
  }

  /** How many events could not be recorded since the start. */
  public long lost() {
    return lost.get();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("onbehalf.audit.queue", queue, BlockingQueue::size)
        .description("Audit events that wait to be written; " + QUEUE + " at most.")
        .register(registry);
    FunctionCounter.builder("onbehalf.audit.lost", lost, AtomicLong::get)
        .description("Audit events that could not be recorded.")
        .register(registry);
  }

  /** Writes what is queued, then ends the writer. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(CLOSE_PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!queue.isEmpty()) {
      lose(queue.size(), "the service stopped before the database took them");
    }
  }

  private void write() {
    List<AuditEvent> batch = new ArrayList<>();
    while (!closing || !queue.isEmpty()) {
      try {
        AuditEvent first = queue.poll(LINGER_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        if (!closing && queue.size() < BATCH) {
          Thread.sleep(LINGER_MILLIS);
        }
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
        append(batch);
        batch.clear();
      } catch (InterruptedException e) {
        lose(batch.size() + queue.size(), "the writer was interrupted");
        return;
      }
    }
  }

  private void append(List<AuditEvent> batch) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        store.append(batch);
        return;
      } catch (RuntimeException e) {
        if (attempt == 1) {
          LOG.error("The audit trail cannot be written and is retried: {}", e.getMessage());
        }
        if (attempt == ATTEMPTS || closing) {
          lose(batch.size(), "the database did not take them");
          return;
        }
        Thread.sleep(RETRY_MILLIS);
      }
    }
  }

  private void lose(int events, String why) {
    lost.addAndGet(events);
    LOG.error("{} audit events were lost: {}.", events, why);
  }
}
