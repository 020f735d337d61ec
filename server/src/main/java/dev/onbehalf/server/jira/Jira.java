package dev.onbehalf.server.jira;

import dev.onbehalf.applinks.ApplicationLink;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.Configuration;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.config.ReceiveConfig;
import dev.onbehalf.server.receive.IssueChanges;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.Latest;
import dev.onbehalf.server.store.Database;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Jira whose issues builds and deployments belong to, behind an application link; nothing where
 * none is configured.
 */
public final class Jira implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jira.class);
  private static final long INTERVAL_MILLIS = 500;
  private static final long CLOSE_SECONDS = 20;

  private final Parts parts;
  private final ReceiveConfig.@Nullable LinkedJira config;
  private final @Nullable PublicUrl site;
  private final Peer peer;
  private final LinkedIssues issues;
  private final PushStore store;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "linked-jira");
            created.setDaemon(true);
            return created;
          });
  private volatile @Nullable Pusher pusher;

  /**
   * What it is made of.
   *
   * @param link finds the application link of an id or name
   */
  public record Parts(
      Configuration configuration,
      Database database,
      Sealer sealer,
      Function<String, Optional<ApplicationLink>> link,
      AuditTrail audit,
      InstantSource clock) {}

  public Jira(Parts parts) {
    this.parts = parts;
    ReceiveConfig receive = parts.configuration().receive();
    config = receive == null ? null : receive.jira();
    site = receive == null ? null : receive.publicUrl();
    String name = config == null ? "" : config.link();
    peer = new Peer(name, () -> parts.link().apply(name), parts.clock());
    issues = new LinkedIssues(peer, parts.clock());
    store = new PushStore(parts.database());
  }

  /** Returns which issues it has; null where no Jira is linked. */
  public @Nullable Issues issues() {
    return config == null ? null : issues;
  }

  /** Returns who is told what changed for issues. */
  public IssueChanges changes() {
    return config != null && config.remoteLinks() ? store : IssueChanges.NONE;
  }

  /** Adds the icons its issues show. */
  public void addTo(Routes routes) {
    if (config != null && config.remoteLinks()) {
      Icons.addTo(routes);
    }
  }

  /**
   * Begins to tell it what changes, where that is configured.
   *
   * @param counted which issues count here
   * @param latest what a pipeline or environment last did for an issue
   */
  public void start(Issues counted, Function<Target, Optional<Latest>> latest) {
    if (config == null || site == null || !config.remoteLinks()) {
      return;
    }
    Pusher started =
        new Pusher(
            new Pusher.Parts(
                peer,
                store,
                UUID.nameUUIDFromBytes(parts.sealer().fingerprint("jira", "installation"))
                    .toString(),
                site,
                counted,
                issues::forget,
                latest,
                config.failureComments(),
                config.requestsPerSecond(),
                parts.audit(),
                parts.clock()));
    pusher = started;
    store.begin();
    var unused =
        thread.scheduleWithFixedDelay(
            () -> run(started), INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void run(Pusher pusher) {
    try {
      pusher.run();
    } catch (RuntimeException e) {
      LOG.warn("Telling the linked Jira failed; it is tried again.", e);
    }
  }

  /** Returns how far it has been told. */
  public QueueStatus status() {
    Pusher running = pusher;
    Pusher.Pause pause = running == null ? null : running.pause();
    return running == null
        ? store.status("Remote links are off: set receive.link and receive.remote-links.", null)
        : store.status(pause == null ? null : pause.reason(), pause == null ? null : pause.until());
  }

  /** Returns how many links wait and how many do not get through, by a short look-up. */
  public Backlog backlog() {
    PushStore.Backlog found = store.backlog();
    Instant oldest = found.oldest();
    Duration age =
        oldest == null ? Duration.ZERO : Duration.between(oldest, parts.clock().instant());
    return new Backlog(
        found.waiting(), found.unknown(), found.parked(), age.isNegative() ? Duration.ZERO : age);
  }

  /**
   * What the linked Jira has yet to be told.
   *
   * @param waiting links of issues it has
   * @param unknown links of issues it does not have
   * @param failed links that were given up
   * @param age how long the one that waits longest has waited; zero for none
   */
  public record Backlog(long waiting, long unknown, long failed, Duration age) {}

  /** Whether it is told anything at all. */
  public boolean tells() {
    return pusher != null;
  }

  /** Returns why this node tells it nothing now; null where it does, or has nothing to tell. */
  public @Nullable String paused() {
    Pusher running = pusher;
    Pusher.Pause pause = running == null ? null : running.pause();
    return pause == null ? null : pause.reason();
  }

  /**
   * Has links that were given up tried again, and everything else at once.
   *
   * @param id of one; null for all
   * @return how many had been given up
   */
  public int retry(@Nullable Long id) {
    int retried = store.retryParked(id, parts.clock().instant());
    if (id == null) {
      store.hurry(parts.clock().instant());
    }
    Pusher running = pusher;
    if (running != null) {
      running.resume();
    }
    return retried;
  }

  /** Stops; a request under way is waited for, 20 seconds at most. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
