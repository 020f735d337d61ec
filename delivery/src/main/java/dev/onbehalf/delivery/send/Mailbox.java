package dev.onbehalf.delivery.send;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread that empties the spool leaves the results of the other threads' batches; one for
 * each spool directory of the process.
 */
final class Mailbox {
  private static final ConcurrentMap<Path, Mailbox> ALL = new ConcurrentHashMap<>();

  private final Map<String, SiteResult> results = new HashMap<>();
  private final Set<String> unawaited = new HashSet<>();

  private Mailbox() {}

  static Mailbox of(Spool spool) {
    return ALL.computeIfAbsent(
        spool.directory().toAbsolutePath().normalize(), path -> new Mailbox());
  }

  synchronized void leave(String batch, SiteResult result) {
    if (!unawaited.remove(batch)) {
      results.put(batch, result);
    }
  }

  /** Nobody waits for the result of this batch. */
  synchronized void renounce(String batch) {
    if (results.remove(batch) == null) {
      unawaited.add(batch);
    }
  }

  synchronized @Nullable SiteResult take(String batch) {
    return results.remove(batch);
  }

  /** Takes the result or, where there is none yet, renounces it. */
  synchronized @Nullable SiteResult takeOrRenounce(String batch) {
    SiteResult result = results.remove(batch);
    if (result == null) {
      unawaited.add(batch);
    }
    return result;
  }
}
