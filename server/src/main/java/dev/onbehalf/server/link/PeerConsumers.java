package dev.onbehalf.server.link;

import java.util.Optional;

/** What peers may do when they call this server; answered by whoever keeps consumers. */
@FunctionalInterface
public interface PeerConsumers {

  /** Returns the ways that are on for a consumer; empty where there is none of that key. */
  Optional<Link.Levels> levels(String consumerKey);
}
