package dev.onbehalf.server.admin;

import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.link.Discovery.PeerConsumer;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.provider.Consumer;
import dev.onbehalf.server.provider.ProviderAdministration;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import java.util.Optional;

/**
 * Starts a link anew: forgets the tokens people granted, and where the peer is let in by its own
 * key, takes the key it publishes now.
 */
final class LinkResetting {
  private final Links links;
  private final ProviderAdministration provider;

  LinkResetting(Links links, ProviderAdministration provider) {
    this.links = links;
    this.provider = provider;
  }

  /**
   * What came of it.
   *
   * @param forgotten how many people had a token
   * @param peer one sentence about the peer's own key
   */
  record Result(int forgotten, String peer) {}

  Result reset(AdminRequest request, Link link) {
    int forgotten = links.administration().reset(LinksApi.actor(request), link);
    PeerConsumer peer;
    try {
      peer = links.discover(link.name(), link.rpcUrl(), link.privateAddresses()).consumer();
    } catch (ResponseException e) {
      return new Result(forgotten, "Its own key was not read: " + e.getMessage());
    }
    return new Result(
        forgotten,
        peer == null ? "It publishes no key of its own." : sentence(request, link, peer));
  }

  private String sentence(AdminRequest request, Link link, PeerConsumer peer) {
    String known = link.peerConsumerKey();
    Optional<Consumer> consumer = provider.consumer(peer.key());
    if (!peer.key().equals(known)) {
      links
          .administration()
          .edit(LinksApi.actor(request), link.id(), edit -> edit.peerConsumerKey(peer.key()));
    }
    if (consumer.isEmpty()) {
      boolean useless =
          known != null && !known.equals(peer.key()) && provider.consumer(known).isPresent();
      return "It calls itself '"
          + peer.key()
          + "', and there is no such consumer here: it may not call this server"
          + (useless
              ? ". The consumer '" + known + "' is of no use to it any more; remove it."
              : ".");
    }
    RSAPublicKey published;
    try {
      published = Keys.publicKey(peer.publicKey());
    } catch (IllegalArgumentException e) {
      return "The key it publishes is not valid, and the one known here was kept.";
    }
    if (!peer.key().equals(known) || !consumer.get().signatureMethod().isRsa()) {
      return "The consumer '" + peer.key() + "' was not made by this link and was left as it is.";
    }
    if (consumer.get().publicKeys().stream().anyMatch(live -> live.key().equals(published))) {
      return "Its own key is the one known here.";
    }
    Objects.requireNonNull(
        provider.edit(
            Administration.actor(request), peer.key(), edit -> edit.publicKey(published)));
    return "It has another key now, by which it is let in from now on; the old one counts no more.";
  }
}
