package dev.onbehalf.server.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of this server: rooms register theirs with the {@link #registry}, and Prometheus
 * reads them all. Switched off, every meter is a no-op.
 */
public final class Metrics implements AutoCloseable {
  /** Media type of {@link #text}: the Prometheus text exposition format. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** How old a number may be that takes a look into the database. */
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final MeterRegistry registry;
  private final @Nullable PrometheusMeterRegistry prometheus;
  private @Nullable JvmGcMetrics collections;

  private Metrics(boolean on) {
    prometheus = on ? new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) : null;
    registry = prometheus == null ? new CompositeMeterRegistry() : prometheus;
  }

  /** What Java tells of itself takes memory, so nobody pays for it who does not read it. */
  private synchronized void addJava() {
    if (collections == null) {
      JvmGcMetrics started = new JvmGcMetrics();
      collections = started;
      add(
          new JvmMemoryMetrics(),
          started,
          new JvmThreadMetrics(),
          new ProcessorMetrics(),
          new UptimeMetrics(),
          new FileDescriptorMetrics());
    }
  }

  /** Prepares the numbers, or nothing at all where they are switched off. */
  public static Metrics open(boolean on) {
    return new Metrics(on);
  }

  /** Returns where meters are registered. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Adds the meters of rooms. */
  public void add(MeterBinder... binders) {
    for (MeterBinder binder : binders) {
      binder.bindTo(registry);
    }
  }

  /**
   * Adds a number that takes a look into the database: it is looked up at most twice a minute, and
   * absent (NaN) while that fails.
   *
   * @param unit base unit, such as seconds; null for a plain count
   */
  public void addStored(
      String name, String description, @Nullable String unit, DoubleSupplier number) {
    KeptNumber kept = new KeptNumber(name, number, KEPT, System::nanoTime);
    Gauge.builder(name, kept, KeptNumber::value)
        .description(description)
        .baseUnit(unit)
        .strongReference(true)
        .register(registry);
  }

  /** Returns all numbers as Prometheus reads them; empty where they are switched off. */
  public Optional<String> text() {
    if (prometheus == null) {
      return Optional.empty();
    }
    addJava();
    return Optional.of(prometheus.scrape());
  }

  @Override
  public synchronized void close() {
    if (collections != null) {
      collections.close();
    }
    registry.close();
  }
}
