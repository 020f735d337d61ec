package dev.onbehalf.server.monitor;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries what the server depends on, at every interval on one of the nodes, and tells when something
 * fails or works again: in the log, the audit trail and to a webhook, once per change.
 *
 * <p>Each attempt has a deadline and a thread of its own; {@value #AT_ONCE} run at once. One that
 * does not end at its deadline counts as failed, and is not tried again before it has ended.
 */
public final class Watch implements MeterBinder, AutoCloseable {
  static final int AT_ONCE = 4;
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);

  private final Parts parts;
  private final JdbiCheckStore store;
  private final Duration deadline;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private boolean looked;
  private final List<Shown> gauges = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "monitor"));
  private final ExecutorService attempts =
      Executors.newCachedThreadPool(task -> daemon(task, "monitor-check"));

  /**
   * What a watch is made of.
   *
   * @param checks the checks there are now
   * @param interval how often they run; null for never
   * @param webhook who is told of changes; null for nobody
   */
  public record Parts(
      Database database,
      AuditTrail audit,
      InstantSource clock,
      Supplier<List<Check>> checks,
      @Nullable Duration interval,
      @Nullable Webhook webhook) {}

  public Watch(Parts parts) {
    this(parts, DEADLINE);
  }

  Watch(Parts parts, Duration deadline) {
    this.parts = parts;
    this.deadline = deadline;
    store = new JdbiCheckStore(parts.database());
    Webhook webhook = parts.webhook();
    if (webhook != null) {
      webhook.keep(
          new Webhook.Ledger() {
            @Override
            public boolean toTell(Webhook.Change change) {
              return store.toTell(change.check(), change.healthy());
            }

            @Override
            public void told(Webhook.Change change) {
              store.told(change.check(), change.healthy());
            }
          });
    }
  }

  /** A number of each check on the metrics page. */
  private record Shown(MultiGauge gauge, ToDoubleFunction<CheckState> value) {}

  private static Thread daemon(Runnable task, String name) {
    Thread created = new Thread(task, name);
    created.setDaemon(true);
    return created;
  }

  /** Has the checks run from now on, where an interval is set. */
  public Watch start() {
    Duration interval = parts.interval();
    if (interval != null) {
      var unused =
          thread.scheduleWithFixedDelay(
              () -> look(interval),
              shorter(FIRST_LOOK, interval).toMillis(),
              shorter(LOOK, interval).toMillis(),
              TimeUnit.MILLISECONDS);
    }
    return this;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns how the checks stand, whichever node ran them; none where no interval is set. */
  public List<CheckState> states() {
    return parts.interval() == null ? List.of() : store.all();
  }

  private void look(Duration interval) {
    try {
      List<Check> checks = parts.checks().get();
      Instant now = parts.clock().instant();
      Duration longest = deadline.multipliedBy((checks.size() + AT_ONCE - 1) / AT_ONCE);
      Duration pause = interval.compareTo(longest) > 0 ? interval : longest;
      if (!looked) {
        looked = true;
        tellUntold();
      }
      if (store.takeTurn(now, now.plus(pause), now.plus(pause.multipliedBy(2)))) {
        round(checks);
      }
      show(store.all());
    } catch (RuntimeException e) {
      LOG.warn("The checks could not be run and are tried again: {}", e.toString());
    }
  }

  /** Runs all checks once, whosever turn it is. */
  public void runNow() {
    round(parts.checks().get());
    show(store.all());
  }

  private synchronized void round(List<Check> checks) {
    for (int from = 0; from < checks.size(); from += AT_ONCE) {
      runTogether(checks.subList(from, Math.min(checks.size(), from + AT_ONCE)));
    }
    store.retain(checks.stream().map(Check::name).collect(Collectors.toSet()));
    tellUntold();
  }

  /** Tells the webhook what it has missed, as when a node died before it told. */
  void tellUntold() {
    Webhook webhook = parts.webhook();
    if (webhook != null) {
      store.untold().forEach(state -> webhook.tell(change(state)));
    }
  }

  private static Webhook.Change change(CheckState state) {
    return new Webhook.Change(state.name(), state.healthy(), state.since(), state.sentence());
  }

  /** An attempt that has begun. */
  private record Running(Check check, Future<Ended> ended) {}

  /** An attempt that has ended. */
  private record Ended(Check.Finding finding, long tookMillis) {}

  private void runTogether(List<Check> checks) {
    List<Running> running = new ArrayList<>();
    long startedNanos = System.nanoTime();
    for (Check check : checks) {
      if (underWay.add(check.name())) {
        running.add(new Running(check, attempts.submit(() -> attempt(check))));
      } else {
        note(check, new Ended(Check.Finding.fails("The attempt before has not ended yet."), 0));
      }
    }
    for (Running each : running) {
      note(each.check(), await(each.ended(), startedNanos));
    }
  }

  private Ended await(Future<Ended> ended, long startedNanos) {
    long left = deadline.toNanos() - (System.nanoTime() - startedNanos);
    try {
      return ended.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      ended.cancel(true);
      return new Ended(
          Check.Finding.fails(
              "It did not end within "
                  + deadline.toSeconds()
                  + " seconds; look whether the other side answers at all."),
          deadline.toMillis());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The checks were interrupted.", e);
    }
  }

  private Ended attempt(Check check) {
    long startedNanos = System.nanoTime();
    Check.Finding finding;
    try {
      finding = check.attempt().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finding = Check.Finding.fails("The attempt was interrupted.");
    } catch (RuntimeException e) {
      LOG.warn("The check '{}' could not be run.", check.name(), e);
      finding = Check.Finding.fails("The attempt failed; the server's log says why.");
    } finally {
      underWay.remove(check.name());
    }
    return new Ended(finding, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
  }

  private void note(Check check, Ended ended) {
    Instant now = parts.clock().instant();
    Check.Finding finding = ended.finding();
    Optional<CheckState> before = store.note(check.name(), finding, now, ended.tookMillis());
    boolean changed = before.map(CheckState::healthy).orElse(true) != finding.healthy();
    if (changed) {
      tell(check.name(), finding, now);
    }
  }

  private void tell(String name, Check.Finding finding, Instant now) {
    if (finding.healthy()) {
      LOG.info("The check '{}' works again: {}", name, finding.sentence());
    } else {
      LOG.warn("The check '{}' fails: {}", name, finding.sentence());
    }
    parts
        .audit()
        .record(
            AuditEvent.builder(
                    now,
                    UUID.randomUUID().toString(),
                    "monitor",
                    finding.healthy() ? Outcome.ALLOWED : Outcome.FAILED)
                .problem(finding.healthy() ? null : "check-failed")
                .detail(
                    name + (finding.healthy() ? " works again. " : " fails. ") + finding.sentence())
                .build());
    if (parts.webhook() != null) {
      parts.webhook().tell(new Webhook.Change(name, finding.healthy(), now, finding.sentence()));
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    gauge(
        registry,
        "onbehalf.check.healthy",
        "Whether a scheduled check works (1) or fails (0).",
        null,
        state -> state.healthy() ? 1 : 0);
    gauge(
        registry,
        "onbehalf.check.duration",
        "How long a scheduled check took the last time.",
        "seconds",
        state -> state.tookMillis() / 1e3);
    gauge(
        registry,
        "onbehalf.check.tried",
        "When a scheduled check was last tried, in seconds since 1970.",
        "seconds",
        state -> state.checked().getEpochSecond());
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      @Nullable String unit,
      ToDoubleFunction<CheckState> value) {
    gauges.add(
        new Shown(
            MultiGauge.builder(name).description(description).baseUnit(unit).register(registry),
            value));
  }

  private void show(List<CheckState> states) {
    for (Shown shown : gauges) {
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      for (CheckState state : states) {
        rows.add(
            MultiGauge.Row.of(Tags.of("check", state.name()), shown.value().applyAsDouble(state)));
      }
      shown.gauge().register(rows, true);
    }
  }

  /** Stops; an attempt under way is given up. */
  @Override
  public void close() {
    thread.shutdownNow();
    attempts.shutdownNow();
    try {
      boolean unused = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (parts.webhook() != null) {
      parts.webhook().close();
    }
  }
}
