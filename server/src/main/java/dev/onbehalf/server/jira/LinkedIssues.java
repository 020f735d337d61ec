package dev.onbehalf.server.jira;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.server.jira.Answer.Kind;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.web.Buckets;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The issues of the linked Jira, asked for by the hundred and remembered. While it does not answer,
 * what it said last counts, and of the rest nothing is said.
 */
final class LinkedIssues implements Issues {
  static final int BATCH = 100;

  private static final long REMEMBERED_CHARACTERS = 10_000_000;
  private static final int CALLS_PER_SECOND = 20;
  private static final int MOST_AT_ONCE = 2_000;
  private static final int MOST_SINGLE = 5;
  private static final int REQUESTS_AT_ONCE = 4;
  private static final long KEY_MILLIS = Duration.ofHours(1).toMillis();
  private static final long ABSENT_MILLIS = Duration.ofSeconds(30).toMillis();
  private static final long ID_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final long PAUSE_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final long DEADLINE_NANOS = Duration.ofSeconds(10).toNanos();

  /** Who waits for others' requests to a Jira that hangs must not hold a thread for long. */
  private static final long ROOM_NANOS = Duration.ofSeconds(1).toNanos();

  private final Peer peer;
  private final InstantSource clock;
  private final Cache<String, Known> known =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED_CHARACTERS)
          .<String, Known>weigher((asked, said) -> asked.length() + 50)
          .build();
  private final Bucket calls;
  private final Semaphore room = new Semaphore(REQUESTS_AT_ONCE);
  private volatile long silentUntilMillis = Long.MIN_VALUE;

  LinkedIssues(Peer peer, InstantSource clock) {
    this.peer = peer;
    this.clock = clock;
    calls = Buckets.perSecond(CALLS_PER_SECOND, Buckets.meter(clock));
  }

  /**
   * What the Jira said last.
   *
   * @param key the key it has; null for no such issue
   */
  private record Known(@Nullable String key, long atMillis) {

    /**
     * An id counts as long whether or not there is such an issue, so that nobody learns from the
     * time it takes.
     */
    boolean fresh(String asked, long now) {
      long life = !isKey(asked) ? ID_MILLIS : key != null ? KEY_MILLIS : ABSENT_MILLIS;
      return now - atMillis < life && now >= atMillis;
    }
  }

  @Override
  public Found find(Set<String> keysOrIds) {
    long now = clock.millis();
    Map<String, String> existing = new HashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    for (String each : keysOrIds) {
      if (!isKey(each) && !each.matches("[1-9][0-9]{0,17}")) {
        continue;
      }
      Known said = known.getIfPresent(each);
      if (said == null || !said.fresh(each, now)) {
        missing.add(each);
      } else if (said.key() != null) {
        existing.put(each, said.key());
      }
    }
    if (missing.isEmpty()) {
      return new Found(existing, Set.of());
    }
    Set<String> unanswered = ask(missing, now, existing);
    Set<String> undetermined = new HashSet<>();
    for (String each : unanswered) {
      Known said = known.getIfPresent(each);
      if (said != null && said.key() != null) {
        existing.put(each, said.key());
      } else {
        undetermined.add(each);
      }
    }
    return new Found(existing, undetermined);
  }

  /** Adds to {@code existing} what the Jira has; returns what it did not tell about. */
  private Set<String> ask(Set<String> missing, long now, Map<String, String> existing) {
    Set<String> unanswered = new LinkedHashSet<>(missing);
    if (now < silentUntilMillis) {
      return unanswered;
    }
    long end = System.nanoTime() + DEADLINE_NANOS;
    List<String> all = missing.stream().limit(MOST_AT_ONCE).toList();
    for (int from = 0; from < all.size(); from += BATCH) {
      List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
      if (System.nanoTime() - end > 0 || !enter(end)) {
        return unanswered;
      }
      Optional<Map<String, String>> answer;
      try {
        answer = search(batch, end);
      } finally {
        room.release();
      }
      if (answer.isEmpty()) {
        return unanswered;
      }
      for (String each : batch) {
        String key = answer.get().get(each);
        known.put(each, new Known(key, now));
        unanswered.remove(each);
        if (key != null) {
          existing.put(each, key);
        }
      }
    }
    return unanswered;
  }

  private boolean enter(long end) {
    try {
      return room.tryAcquire(
          Math.max(0, Math.min(ROOM_NANOS, end - System.nanoTime())), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Looks a batch up. The search does not know issues that were created a moment ago or moved, so
   * where few are missing, or others came instead, these are asked for one by one.
   */
  private Optional<Map<String, String>> search(List<String> batch, long end) {
    ObjectNode query =
        JsonNodeFactory.instance
            .objectNode()
            .put(
                "jql",
                batch.stream()
                    .map(each -> isKey(each) ? '"' + each + '"' : each)
                    .collect(Collectors.joining(",", "issue in (", ")")))
            .put("startAt", 0)
            .put("maxResults", batch.size())
            // Otherwise one key it does not have is a fault of the whole query.
            .put("validateQuery", false);
    query.putArray("fields").add("key");
    Answer answer = send(MethodType.POST, "search", query);
    if (answer == null) {
      return Optional.empty();
    }
    if (answer.status() == 400) {
      return oneByOne(batch, new HashMap<>(), end);
    }
    if (!answer.is(Kind.DONE) || !answer.body().path("issues").isArray()) {
      return silent(answer);
    }
    Map<String, String> keys = new HashMap<>();
    Set<String> wanted = new HashSet<>(batch);
    boolean moved = false;
    for (JsonNode issue : answer.body().path("issues")) {
      String key = issue.path("key").asString("");
      String id = issue.path("id").asString("");
      boolean asked = wanted.contains(key) || wanted.contains(id);
      moved |= !asked;
      if (asked && isKey(key)) {
        keys.put(key, key);
        keys.put(id, key);
      }
    }
    List<String> missing =
        batch.stream().filter(each -> !keys.containsKey(each)).collect(Collectors.toList());
    return missing.size() <= MOST_SINGLE || moved
        ? oneByOne(missing, keys, end)
        : Optional.of(keys);
  }

  private Optional<Map<String, String>> oneByOne(
      List<String> asked, Map<String, String> keys, long end) {
    for (String each : asked) {
      if (System.nanoTime() - end > 0) {
        return Optional.empty();
      }
      Answer answer = send(MethodType.GET, "issue/" + Peer.segment(each) + "?fields=key", null);
      if (answer == null) {
        return Optional.empty();
      }
      if (answer.is(Kind.DONE)) {
        String key = answer.body().path("key").asString("");
        if (isKey(key)) {
          keys.put(each, key);
        }
      } else if (!answer.is(Kind.ABSENT) && !answer.is(Kind.REFUSED)) {
        return silent(answer);
      }
    }
    return Optional.of(keys);
  }

  /** Sends a request; null where the Jira has been asked too often already. */
  private @Nullable Answer send(MethodType method, String path, @Nullable JsonNode body) {
    return calls.tryConsume(1) ? peer.send(method, path, body) : null;
  }

  private Optional<Map<String, String>> silent(Answer answer) {
    Duration pause = answer.retryAfter();
    silentUntilMillis =
        clock.millis() + Math.max(PAUSE_MILLIS, pause == null ? 0 : pause.toMillis());
    return Optional.empty();
  }

  /** Forgets what it said of an issue. */
  void forget(String keyOrId) {
    known.invalidate(keyOrId);
  }

  private static boolean isKey(String text) {
    return IssueKeys.isKey(text);
  }
}
