package dev.onbehalf.server.admin;

import dev.onbehalf.applinks.ResponseException;
import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.link.Discovery;
import dev.onbehalf.server.link.Discovery.PeerConsumer;
import dev.onbehalf.server.link.Discovery.PeerManifest;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.LinkAdministration;
import dev.onbehalf.server.link.LinkBuilder;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.provider.Consumer;
import dev.onbehalf.server.provider.ProviderAdministration;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Adds a link from what its peer publishes and, if wanted, the peer as a consumer. */
final class LinkAdding {
  private final Links links;
  private final ProviderAdministration provider;

  LinkAdding(Links links, ProviderAdministration provider) {
    this.links = links;
    this.provider = provider;
  }

  /**
   * What came of it.
   *
   * @param consumer key of the peer's consumer here; null where none was wanted
   */
  record Added(Link link, @Nullable String consumer) {}

  Added add(AdminRequest request, URI url) {
    boolean bothWays = request.flag("bothWays", false);
    Discovery peer =
        request.flag("discover", bothWays) || bothWays
            ? discover(request, url)
            : new Discovery(null, null);
    Link link = link(request, url, peer);
    LinkAdministration.Actor actor = LinksApi.actor(request);
    if (!bothWays) {
      return new Added(links.administration().add(actor, link), null);
    }
    PeerConsumer consumer = peer.consumer();
    if (consumer == null) {
      throw new AdminException(
          502,
          "The peer publishes no consumer key, so it cannot be let in by itself: leave both ways"
              + " out, and register it by 'onbehalf consumer add'.");
    }
    Optional<Link> before = links.find(link.id().toString()).or(() -> links.find(link.name()));
    if (before.isPresent()) {
      throw new AdminException(
          409,
          (before.get().id().equals(link.id())
                  ? "This application is linked already, as '"
                  : "There is a link to another application already, '")
              + before.get().name()
              + "' at "
              + before.get().rpcUrl()
              + "; edit it, or remove it first.");
    }
    letIn(request, link, consumer);
    return new Added(links.administration().add(actor, link), consumer.key());
  }

  private Discovery discover(AdminRequest request, URI url) {
    try {
      return links.discover(
          request.optionalText("name").orElse(String.valueOf(url.getHost())),
          url,
          request.flag("privateAddresses", false));
    } catch (ResponseException e) {
      throw new AdminException(
          502, e.getMessage() + " Nothing was added; --without-manifest adds it unasked.");
    }
  }

  private Link link(AdminRequest request, URI url, Discovery peer) {
    PeerManifest manifest = peer.manifest();
    String host = String.valueOf(url.getHost());
    if (manifest == null) {
      LinkBuilder builder =
          links.administration().newLink(request.optionalText("name").orElse(host), url);
      return LinksApi.fill(builder, request, null).build();
    }
    UUID id = manifest.uuid().orElseGet(UUID::randomUUID);
    if (links.ownIds().contains(id)) {
      throw new AdminException(409, "That is this server itself; give the URL of another one.");
    }
    String name =
        request
            .optionalText("name")
            .orElse(LinkBuilder.isName(manifest.name()) ? manifest.name() : host);
    LinkBuilder builder =
        links
            .administration()
            .newLink(id, name, url)
            .type(manifest.type())
            .displayUrl(URI.create(manifest.url()));
    Optional.ofNullable(peer.consumer()).map(PeerConsumer::key).ifPresent(builder::peerConsumerKey);
    return LinksApi.fill(builder, request, null).build();
  }

  private void letIn(AdminRequest request, Link link, PeerConsumer info) {
    Optional<Consumer> known = provider.consumer(info.key());
    if (known.isPresent()) {
      throw new AdminException(
          409,
          "There is a consumer '"
              + info.key()
              + "' already: leave both ways out, and edit the consumer if need be.");
    }
    Set<String> callbacks = new TreeSet<>();
    callbacks.add(Links.callbackOf(link.rpcUrl()));
    callbacks.add(Links.callbackOf(link.displayUrl()));
    provider.add(
        Administration.actor(request),
        provider
            .newConsumer(info.key())
            .name(link.name())
            .description("Linked both ways with " + link.displayUrl())
            .publicKey(Keys.publicKey(info.publicKey()))
            .callbacks(callbacks)
            .threeLegged(link.levels().threeLegged())
            .impersonation(link.levels().impersonation())
            .build());
  }
}
