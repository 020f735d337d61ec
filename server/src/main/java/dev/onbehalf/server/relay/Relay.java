package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.send.FlushResult;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.delivery.send.Site;
import dev.onbehalf.delivery.send.SiteCheck;
import dev.onbehalf.delivery.send.SiteResult;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Routes;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes builds and deployments on to Jira: for agents that show a secret of ours instead of
 * Jira's, and by itself for what CI servers announce.
 *
 * <p>Below {@link Site#ONBEHALF_PATH} lies the only site, or each site by its name; below {@code
 * events} there the automatic mode.
 */
public final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration FLUSH_INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final Map<String, AgentEndpoint> sites = new LinkedHashMap<>();

  /** By the name a site has for people: the one that results of the automatic mode bear. */
  private final Map<String, RelayMeters> meters = new LinkedHashMap<>();

  private final Map<String, Supplier<List<SiteCheck>>> checks = new LinkedHashMap<>();
  private final List<Sender> senders = new ArrayList<>();
  private final @Nullable Sender automatic;
  private final @Nullable EventEndpoint events;
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final ScheduledExecutorService threads =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "delivery");
            thread.setDaemon(true);
            return thread;
          });

  private Relay(
      RelaySettings settings,
      Path spool,
      Sealer sealer,
      AuditTrail audit,
      InstantSource clock,
      UnaryOperator<HttpClient.Builder> http,
      MeterRegistry registry) {
    AgentTokens tokens = new AgentTokens(settings.agents(), sealer, clock);
    settings
        .sites()
        .forEach(
            (name, site) -> {
              Sender sender = once(site, clock, http);
              senders.add(sender);
              RelayMeters counts = new RelayMeters(registry, name);
              meters.put(site.name(), counts);
              checks.put(name, () -> check(site, clock, http));
              sites.put(name, new AgentEndpoint(name, sender, tokens, counts, audit, clock));
            });
    if (settings.events() == null) {
      automatic = null;
      events = null;
    } else {
      automatic = automatic(settings, settings.events(), spool, clock, http);
      senders.add(automatic);
      events = new EventEndpoint(settings.events(), automatic, this::flushSoon, audit, clock);
    }
  }

  private static Sender once(
      Site site, InstantSource clock, UnaryOperator<HttpClient.Builder> http) {
    return Sender.builder().site(site).clock(clock).http(http).attempts(1).timeout(TIMEOUT).build();
  }

  private static List<SiteCheck> check(
      Site site, InstantSource clock, UnaryOperator<HttpClient.Builder> http) {
    try (Sender sender = once(site, clock, http)) {
      return sender.check().values().iterator().next();
    }
  }

  private static Sender automatic(
      RelaySettings settings,
      RelaySettings.Events events,
      Path spool,
      InstantSource clock,
      UnaryOperator<HttpClient.Builder> http) {
    Sender.Builder builder = Sender.builder().clock(clock).http(http).spool(spool);
    settings
        .sites()
        .forEach(
            (name, site) -> {
              if (events.sites().contains(name)) {
                builder.site(site);
              }
            });
    return builder.build();
  }

  /**
   * Reads the delivery file and starts sending what is still kept.
   *
   * @param file the delivery file
   * @param spool where the automatic mode keeps reports until Jira has them
   * @param http how Jira is reached: whose certificates count, and through which proxy
   * @param registry where reports are counted
   * @throws dev.onbehalf.server.config.ConfigurationException with every fault of the file
   */
  public static Relay open(
      Path file,
      Path spool,
      Sealer sealer,
      AuditTrail audit,
      InstantSource clock,
      UnaryOperator<HttpClient.Builder> http,
      MeterRegistry registry) {
    Relay relay = new Relay(RelayFile.read(file), spool, sealer, audit, clock, http, registry);
    if (relay.automatic != null) {
      var unused =
          relay.threads.scheduleWithFixedDelay(
              relay::flush, 0, FLUSH_INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }
    return relay;
  }

  /**
   * Returns what tries each site by its name in the delivery file: with a fresh token, and reading
   * what does not exist, so that nothing is left there.
   */
  public Map<String, Supplier<List<SiteCheck>>> checks() {
    return Map.copyOf(checks);
  }

  /** Adds the endpoints. */
  public void addTo(Routes routes) {
    routes.addTree(Site.ONBEHALF_PATH + "/", this::handle);
  }

  private WebResponse handle(WebRequest request) {
    String path = request.path().substring(Site.ONBEHALF_PATH.length());
    int end = path.indexOf('/', 1);
    String first = end < 0 ? path.substring(1) : path.substring(1, end);
    String rest = end < 0 ? "" : path.substring(end);
    AgentEndpoint named = sites.get(first);
    if (named != null) {
      return named.handle(request, rest);
    }
    if (first.equals("events")) {
      return events == null
          ? Json.error(404, "The automatic mode is off; the delivery file has no events.")
          : events.handle(request, rest);
    }
    if (sites.size() == 1) {
      return sites.values().iterator().next().handle(request, path);
    }
    return Json.error(
        404,
        "This server passes reports on to several sites; put the name of one behind its address.");
  }

  private void flushSoon() {
    if (!threads.isShutdown() && flushing.compareAndSet(false, true)) {
      threads.execute(this::flush);
    }
  }

  private void flush() {
    flushing.set(false);
    if (automatic == null) {
      return;
    }
    try {
      automatic.flush().forEach(this::tell);
    } catch (RuntimeException e) {
      LOG.error("Reports could not be sent.", e);
    }
  }

  private void tell(FlushResult flushed) {
    RelayMeters counts = meters.get(flushed.site());
    if (counts != null) {
      counts.flushed(flushed);
    }
    for (SiteResult result : flushed.results()) {
      if (result.outcome() == SiteResult.Outcome.ACCEPTED) {
        LOG.debug("{}", result);
      } else {
        LOG.warn("{}", result);
      }
    }
    flushed
        .problem()
        .ifPresent(
            problem ->
                LOG.warn(
                    "{} keeps {} batches of reports waiting: {}",
                    flushed.site(),
                    flushed.kept(),
                    problem.getMessage()));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    senders.forEach(Sender::close);
  }
}
