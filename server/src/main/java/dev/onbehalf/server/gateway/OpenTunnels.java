package dev.onbehalf.server.gateway;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open tunnels that run as somebody. All of them are checked every {@link #INTERVAL}, one after
 * the other on one thread; a tunnel ends when what let it in no longer stands, and when that could
 * not be told for {@value #FAILED_CHECKS} times in a row.
 */
final class OpenTunnels implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofSeconds(15);
  static final int FAILED_CHECKS = 4;
  private static final Logger LOG = LoggerFactory.getLogger(OpenTunnels.class);

  private final Set<Guard> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "tunnels");
            created.setDaemon(true);
            return created;
          });

  /** Starts the checks. */
  void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::check, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Prepares to guard a tunnel.
   *
   * @param stands whether what let it in still stands; may throw if that cannot be told now
   * @param ended told before the tunnel is ended
   */
  Guard guard(BooleanSupplier stands, Runnable ended) {
    return new Guard(stands, ended);
  }

  int count() {
    return open.size();
  }

  /** Ends the tunnels that no longer may be open. */
  void check() {
    for (Guard guard : open) {
      try {
        guard.check();
      } catch (RuntimeException e) {
        LOG.error("An open tunnel could not be checked.", e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** What watches over one tunnel from its opening to its end. */
  final class Guard {
    private final BooleanSupplier stands;
    private final Runnable ended;
    private volatile Runnable end = () -> {};
    private int failedChecks;

    private Guard(BooleanSupplier stands, Runnable ended) {
      this.stands = stands;
      this.ended = ended;
    }

    void opened(Runnable end) {
      this.end = end;
      open.add(this);
    }

    void closed() {
      open.remove(this);
    }

    private void check() {
      if (!mayStay() && open.remove(this)) {
        try {
          ended.run();
        } finally {
          end.run();
        }
      }
    }

    private boolean mayStay() {
      try {
        failedChecks++;
        if (!stands.getAsBoolean()) {
          return false;
        }
        failedChecks = 0;
        return true;
      } catch (RuntimeException e) {
        LOG.warn("Whether an open tunnel may stay cannot be told right now: {}", e.toString());
        return failedChecks < FAILED_CHECKS;
      }
    }
  }
}
