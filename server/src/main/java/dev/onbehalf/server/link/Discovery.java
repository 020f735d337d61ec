package dev.onbehalf.server.link;

import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.applinks.application.GenericApplicationType;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a peer publishes of itself, for a link to it.
 *
 * @param manifest who it is; null where it does not say
 * @param consumer who it is as a consumer; null where it does not say
 */
public record Discovery(@Nullable PeerManifest manifest, @Nullable PeerConsumer consumer) {

  /**
   * Who a peer is.
   *
   * @param id by which it names itself
   * @param name its name
   * @param typeId what it is
   * @param url its base URL for browsers
   */
  public record PeerManifest(String id, String name, String typeId, String url) {

    /** Returns the type; generic where it is one that is not known here. */
    public ApplicationType type() {
      try {
        return ApplicationType.of(typeId);
      } catch (IllegalArgumentException e) {
        return new GenericApplicationType();
      }
    }

    /** Returns the id where it is one. */
    public Optional<UUID> uuid() {
      try {
        return Optional.of(UUID.fromString(id));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Who a peer is when it calls.
   *
   * @param key its consumer key
   * @param name its name
   * @param publicKey its public key, as it published it
   */
  public record PeerConsumer(String key, String name, String publicKey) {}
}
