package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.RsaEngine;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All consumers in memory: an unknown key costs no query. */
final class ConsumerCache implements ChangeFeed.Listener {
  private final JdbiConsumerStore store;
  private final ChangeFeed feed;
  private final RsaEngine engine;
  private volatile @Nullable Map<String, LiveConsumer> consumers;

  ConsumerCache(JdbiConsumerStore store, ChangeFeed feed, RsaEngine engine) {
    this.store = store;
    this.feed = feed;
    this.engine = engine;
    feed.add(this);
  }

  /**
   * Finds a consumer, at most two seconds stale.
   *
   * @return null where there is none of that key
   * @throws RuntimeException if the database cannot answer now
   */
  @Nullable LiveConsumer find(String key) {
    feed.requireFresh();
    Map<String, LiveConsumer> known = consumers;
    return (known == null ? load() : known).get(key);
  }

  /** Whether {@link #find} answers without asking the database. */
  boolean isLoaded() {
    return consumers != null && feed.isFresh();
  }

  /** Returns all consumers, as {@link #find} sees them. */
  Collection<LiveConsumer> all() {
    feed.requireFresh();
    Map<String, LiveConsumer> known = consumers;
    return (known == null ? load() : known).values();
  }

  @Override
  public void changed(Changes.Change change) {
    if (change.kind() == Changes.Kind.CONSUMERS) {
      consumers = null;
    }
  }

  @Override
  public void everythingChanged() {
    consumers = null;
  }

  private synchronized Map<String, LiveConsumer> load() {
    Map<String, LiveConsumer> known = consumers;
    if (known != null) {
      return known;
    }
    long before = feed.applied();
    Map<String, LiveConsumer> loaded = new HashMap<>();
    store.all().forEach(consumer -> loaded.put(consumer.key(), new LiveConsumer(consumer, engine)));
    consumers = loaded;
    if (feed.applied() != before) {
      consumers = null;
    }
    return loaded;
  }
}
