package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Hands reports to one site, through its spool where there is one. */
final class SiteSender {
  private final Site site;
  private final Channel channel;
  private final @Nullable Spool spool;
  private final InstantSource clock;
  private final Duration patience;
  private long lastNumber;

  SiteSender(
      Site site, Channel channel, @Nullable Spool spool, InstantSource clock, Duration patience) {
    this.site = site;
    this.channel = channel;
    this.spool = spool;
    this.clock = clock;
    this.patience = patience;
  }

  Site site() {
    return site;
  }

  Channel channel() {
    return channel;
  }

  SiteResult send(DataType type, Map<String, String> properties, List<ObjectNode> entities) {
    Instant deadline = clock.instant().plus(patience);
    if (spool == null) {
      return sendDirectly(type, properties, entities, deadline);
    }
    Batch batch;
    try {
      batch = spool.append(type, properties, entities, clock.instant());
    } catch (IOException e) {
      return sendDirectly(type, properties, entities, deadline);
    }
    DeliveryException problem = null;
    try {
      problem = drain(spool, batch, deadline, new ArrayList<>());
    } catch (IOException e) {
      problem = broken(e);
    }
    SiteResult result = Mailbox.of(spool).takeOrRenounce(batch.name());
    if (result != null) {
      return result;
    }
    return SiteResult.failed(
        site.name(),
        true,
        problem != null
            ? problem
            : new DeliveryException(Kind.UNREACHABLE, "Another process is sending to the site."));
  }

  void keep(DataType type, Map<String, String> properties, List<ObjectNode> entities)
      throws IOException {
    if (spool == null) {
      throw new IllegalStateException("There is no spool to keep reports in.");
    }
    Mailbox.of(spool).renounce(spool.append(type, properties, entities, clock.instant()).name());
  }

  /** Sends what is kept; returns how many batches remain and the result of those sent. */
  Flushed flush() {
    if (spool == null) {
      return new Flushed(0, 0, List.of(), null);
    }
    try {
      int before = spool.pending().size();
      List<SiteResult> results = new ArrayList<>();
      DeliveryException problem =
          before == 0 ? null : drain(spool, null, clock.instant().plus(patience), results);
      int after = spool.pending().size();
      return new Flushed(Math.max(0, before - after), after, results, problem);
    } catch (IOException e) {
      return new Flushed(0, 0, List.of(), broken(e));
    }
  }

  record Flushed(
      int sent, int kept, List<SiteResult> results, @Nullable DeliveryException problem) {}

  private @Nullable DeliveryException drain(
      Spool from, @Nullable Batch own, Instant deadline, List<SiteResult> results)
      throws IOException {
    Optional<FileLock> taken;
    try {
      taken = FileLock.take(from.drainLock(), patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new DeliveryException(Kind.UNREACHABLE, "Interrupted while waiting for the spool.");
    }
    if (taken.isEmpty()) {
      return new DeliveryException(Kind.UNREACHABLE, "Another process is sending to the site.");
    }
    try (FileLock ignored = taken.get()) {
      if (own != null && !from.holds(own)) {
        collectAnswer(from, own);
        return null;
      }
      List<String> names = from.pending();
      while (!names.isEmpty()) {
        int read = drainSome(from, names, deadline, results);
        names = read < names.size() ? names.subList(read, names.size()) : from.pending();
      }
      return null;
    } catch (DeliveryException e) {
      return e;
    }
  }

  /** Another process sent this one's batch and left the answer. */
  private void collectAnswer(Spool from, Batch own) throws IOException {
    Optional<JsonNode> answer = from.answer(own);
    if (answer.isPresent()) {
      Mailbox.of(from).leave(own.name(), Answers.read(site.name(), own, answer.get()));
    }
  }

  /** Sends the longest run of batches that fits one request; returns how many names it used up. */
  private int drainSome(Spool from, List<String> names, Instant deadline, List<SiteResult> results)
      throws IOException, DeliveryException {
    List<Batch> run = new ArrayList<>();
    Set<List<String>> identities = new HashSet<>();
    int used = 0;
    int entities = 0;
    for (String name : names) {
      Optional<Batch> read = from.read(name);
      if (read.isPresent()) {
        Batch batch = read.get();
        boolean fits =
            run.isEmpty()
                || (batch.type() == run.get(0).type()
                    && batch.properties().equals(run.get(0).properties())
                    && entities + batch.entities().size() <= channel.maxPerRequest(batch.type()));
        List<List<String>> own = batch.entities().stream().map(batch.type()::identityOf).toList();
        if (!fits || (!run.isEmpty() && own.stream().anyMatch(identities::contains))) {
          break;
        }
        identities.addAll(own);
        entities += batch.entities().size();
        run.add(batch);
      }
      used++;
    }
    if (!run.isEmpty()) {
      deliver(from, run, deadline, results);
    }
    return used;
  }

  private void deliver(Spool from, List<Batch> run, Instant deadline, List<SiteResult> results)
      throws IOException, DeliveryException {
    Batch first = run.get(0);
    List<ObjectNode> entities = run.stream().flatMap(b -> b.entities().stream()).toList();
    try {
      JsonNode answer = post(first.type(), first.properties(), entities, deadline);
      for (Batch batch : run) {
        from.done(batch, answer);
        leave(from, batch, Answers.read(site.name(), batch, answer), results);
      }
    } catch (DeliveryException e) {
      if (e.kind() != Kind.REFUSED && e.kind() != Kind.TOO_LARGE) {
        throw e;
      }
      if (run.size() == 1) {
        from.refused(first);
        leave(from, first, SiteResult.failed(site.name(), true, e), results);
        return;
      }
      for (Batch batch : run) {
        deliver(from, List.of(batch), deadline, results);
      }
    }
  }

  private static void leave(Spool from, Batch batch, SiteResult result, List<SiteResult> results) {
    results.add(result);
    if (batch.name().endsWith("-" + ProcessHandle.current().pid())) {
      Mailbox.of(from).leave(batch.name(), result);
    }
  }

  private SiteResult sendDirectly(
      DataType type, Map<String, String> properties, List<ObjectNode> entities, Instant deadline) {
    number(type, entities);
    try {
      JsonNode answer = post(type, properties, entities, deadline);
      return Answers.read(site.name(), new Batch("", type, properties, entities), answer);
    } catch (DeliveryException e) {
      return SiteResult.failed(site.name(), false, e);
    }
  }

  private synchronized void number(DataType type, List<ObjectNode> entities) {
    for (ObjectNode entity : entities) {
      lastNumber = Math.max(clock.instant().toEpochMilli(), lastNumber + 1);
      Spool.stamp(type, entity, lastNumber);
    }
  }

  /** Posts the entities in as many requests as their number and the site's 413 ask for. */
  private JsonNode post(
      DataType type, Map<String, String> properties, List<ObjectNode> entities, Instant deadline)
      throws DeliveryException {
    int max = channel.maxPerRequest(type);
    if (entities.size() > max) {
      ObjectNode whole = JsonNodeFactory.instance.objectNode();
      for (int from = 0; from < entities.size(); from += max) {
        int to = Math.min(entities.size(), from + max);
        Answers.merge(whole, post(type, properties, entities.subList(from, to), deadline));
      }
      return whole;
    }
    try {
      return channel.post(type, Batch.body(type, properties, entities), deadline);
    } catch (DeliveryException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        throw new DeliveryException(
            Kind.MISCONFIGURED, e.getMessage() + " Check the name of the site.");
      }
      if (e.kind() != Kind.TOO_LARGE || entities.size() == 1) {
        throw e;
      }
    }
    int half = entities.size() / 2;
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    Answers.merge(whole, post(type, properties, entities.subList(0, half), deadline));
    Answers.merge(whole, post(type, properties, entities.subList(half, entities.size()), deadline));
    return whole;
  }

  private DeliveryException broken(IOException e) {
    return new DeliveryException(
        Kind.MISCONFIGURED,
        "The spool directory for %s cannot be used: %s.".formatted(site.name(), e.getMessage()));
  }
}
