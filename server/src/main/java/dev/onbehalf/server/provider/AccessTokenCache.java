package dev.onbehalf.server.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.onbehalf.server.provider.JdbiAccessTokenStore.Live;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Access tokens in use, by the fingerprint of their value; unknown ones are not remembered. */
final class AccessTokenCache implements ChangeFeed.Listener {
  private static final int MOST_TOKENS = 20_000;

  private final JdbiAccessTokenStore store;
  private final ChangeFeed feed;
  private final Cache<ByteBuffer, Live> tokens =
      Caffeine.newBuilder()
          .maximumSize(MOST_TOKENS)
          .expireAfterAccess(Duration.ofMinutes(15))
          .build();

  private final Cache<String, AccessToken> byId =
      Caffeine.newBuilder().maximumSize(MOST_TOKENS).build();

  AccessTokenCache(JdbiAccessTokenStore store, ChangeFeed feed) {
    this.store = store;
    this.feed = feed;
    feed.add(this);
  }

  /** Returns the fingerprint of a token's value, by which it is found. */
  ByteBuffer key(String value) {
    return ByteBuffer.wrap(store.fingerprint(value));
  }

  /**
   * Finds a token by its value, at most two seconds stale.
   *
   * @return null where there is none
   * @throws RuntimeException if the database cannot answer now
   */
  @Nullable Live find(String value) {
    return find(key(value));
  }

  /** Finds a token as {@link #find(String)}, by its key. */
  @Nullable Live find(ByteBuffer key) {
    feed.requireFresh();
    Live known = tokens.getIfPresent(key);
    return known == null ? load(key) : known;
  }

  /** Finds a token without asking the database; null where it is not known here. */
  @Nullable Live known(ByteBuffer key) {
    return feed.isFresh() ? tokens.getIfPresent(key) : null;
  }

  /** Finds a token as the database has it now. */
  @Nullable Live findAnew(ByteBuffer key) {
    tokens.invalidate(key);
    return load(key);
  }

  /** Finds a token by our own id of it; null where there is none. */
  @Nullable AccessToken findById(String id) {
    feed.requireFresh();
    AccessToken known = byId.getIfPresent(id);
    return known == null ? store.findById(id).orElse(null) : known;
  }

  @Override
  public void changed(Changes.Change change) {
    byId.invalidateAll();
    if (change.kind() == Changes.Kind.TOKEN && change.fingerprint() != null) {
      tokens.invalidate(ByteBuffer.wrap(change.fingerprint()));
    } else {
      tokens.invalidateAll();
    }
  }

  @Override
  public void everythingChanged() {
    byId.invalidateAll();
    tokens.invalidateAll();
  }

  private @Nullable Live load(ByteBuffer key) {
    long before = feed.applied();
    byte[] fingerprint = new byte[key.remaining()];
    key.duplicate().get(fingerprint);
    Live found = store.find(fingerprint).orElse(null);
    if (found != null) {
      tokens.put(key, found);
      byId.put(found.token().id(), found.token());
      if (feed.applied() != before) {
        tokens.invalidate(key);
        byId.invalidate(found.token().id());
      }
    }
    return found;
  }
}
