package dev.onbehalf.server.outgoing;

import dev.onbehalf.applinks.ApplicationLink;
import java.util.Optional;

/** Where requests can go: the links of this server. */
@FunctionalInterface
public interface Destinations {

  /** Finds a link by its id, or by its name in any case. */
  Optional<Destination> find(String idOrName);

  /**
   * A link.
   *
   * @param name by which people know it
   * @param link for calls; nobody acts yet
   * @param authorisePath path below a public URL where a person authorises it
   * @param threeLegged whether people authorise it
   * @param browsers whether a person's browser session alone may act through it
   */
  record Destination(
      String name,
      ApplicationLink link,
      String authorisePath,
      boolean threeLegged,
      boolean browsers) {}
}
