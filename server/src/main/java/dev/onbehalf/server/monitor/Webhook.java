package dev.onbehalf.server.monitor;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells somebody's web address what changed. It is asked once a minute at most, with all that
 * changed since; what it does not take is told again, a few times. The address may hold a secret
 * and is never shown.
 */
public final class Webhook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 5;

  private final Secret url;
  private final Duration pause;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .build();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "monitor-webhook");
            created.setDaemon(true);
            return created;
          });
  private final Map<String, Change> pending = new LinkedHashMap<>();
  private final Map<String, Change> underWay = new HashMap<>();
  private @Nullable Ledger ledger;
  private boolean planned;
  private boolean asked;
  private long askedNanos;
  private int failures;

  /**
   * A check that fails or works again.
   *
   * @param check its name
   * @param healthy whether it works
   * @param since since when
   * @param sentence what was found, and the remedy where it does not work
   */
  record Change(String check, boolean healthy, Instant since, String sentence) {}

  /** Keeps what was told, for all nodes and over restarts. */
  interface Ledger {
    /** Whether this is still to be told. */
    boolean toTell(Change change);

    /** Notes that it was. */
    void told(Change change);
  }

  /** Prepares to tell an http or https URL. */
  public Webhook(Secret url) {
    this(url, PAUSE);
  }

  Webhook(Secret url, Duration pause) {
    this.url = url;
    this.pause = pause;
  }

  /** Has what is told be noted from now on. */
  synchronized void keep(Ledger kept) {
    ledger = kept;
  }

  /** Tells of a change, now or once the pause is over; of a check only the latest. */
  synchronized void tell(Change change) {
    if (change.equals(underWay.get(change.check()))) {
      return;
    }
    pending.remove(change.check());
    pending.put(change.check(), change);
    plan();
  }

  private void plan() {
    if (planned || pending.isEmpty() || thread.isShutdown()) {
      return;
    }
    planned = true;
    long wait = asked ? pause.toNanos() - (System.nanoTime() - askedNanos) : 0;
    var unused = thread.schedule(this::send, Math.max(0, wait), TimeUnit.NANOSECONDS);
  }

  private void send() {
    Map<String, Change> told;
    Ledger kept;
    synchronized (this) {
      told = new LinkedHashMap<>(pending);
      pending.clear();
      underWay.putAll(told);
      kept = ledger;
    }
    told.values().removeIf(change -> !due(kept, change));
    String fault = null;
    if (!told.isEmpty()) {
      synchronized (this) {
        asked = true;
        askedNanos = System.nanoTime();
      }
      fault = post(body(told));
      if (fault == null && kept != null) {
        told.values().forEach(change -> note(kept, change));
      }
    }
    ended(told, fault);
  }

  private synchronized void ended(Map<String, Change> told, @Nullable String fault) {
    planned = false;
    underWay.clear();
    if (fault == null) {
      failures = 0;
    } else if (++failures < ATTEMPTS) {
      LOG.info("The webhook was not told what changed and is tried again: {}", fault);
      told.forEach(pending::putIfAbsent);
    } else {
      LOG.warn(
          "The webhook was not told that {} changed: {} Correct monitor.webhook.",
          String.join(", ", told.keySet()),
          fault);
      failures = 0;
    }
    plan();
  }

  private static boolean due(@Nullable Ledger kept, Change change) {
    try {
      return kept == null || kept.toTell(change);
    } catch (RuntimeException e) {
      LOG.warn("Whether the webhook was told cannot be looked up, so it is told: {}", e.toString());
      return true;
    }
  }

  private static void note(Ledger kept, Change change) {
    try {
      kept.told(change);
    } catch (RuntimeException e) {
      LOG.warn("That the webhook was told cannot be noted: {}", e.toString());
    }
  }

  private @Nullable String post(ObjectNode body) {
    URI target = URI.create(url.reveal());
    try {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(target)
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .header("User-Agent", "onbehalf")
                  .POST(BodyPublishers.ofString(body.toString()))
                  .build(),
              BodyHandlers.discarding());
      return answer.statusCode() / 100 == 2
          ? null
          : target.getHost() + " answered with status " + answer.statusCode() + ".";
    } catch (IOException e) {
      return target.getHost() + " cannot be reached.";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "The server is stopping.";
    }
  }

  private static ObjectNode body(Map<String, Change> told) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("event", "checks-changed");
    body.put(
        "text",
        told.values().stream()
            .map(
                change ->
                    "Onbehalf: "
                        + change.check()
                        + (change.healthy() ? " works again. " : " fails. ")
                        + change.sentence())
            .collect(Collectors.joining("\n")));
    ArrayNode changes = body.putArray("changes");
    for (Change change : told.values()) {
      changes
          .addObject()
          .put("check", change.check())
          .put("healthy", change.healthy())
          .put("since", change.since().toString())
          .put("sentence", change.sentence());
    }
    return body;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
