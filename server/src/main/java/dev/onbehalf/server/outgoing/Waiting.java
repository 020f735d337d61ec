package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.web.Places;

/** Takes the place of a request that waits for a linked application. */
final class Waiting {
  private Waiting() {}

  /**
   * Takes it, of the person's share and of the link's.
   *
   * @throws RefusedCaller if there is none
   */
  static Places.Place enter(Places places, Acting acting, Destinations.Destination link)
      throws RefusedCaller {
    return places
        .enter("person " + acting.person().name(), "link " + link.name())
        .orElseThrow(
            () ->
                acting.refused(
                    503,
                    "busy",
                    "Too many requests of this person or through this link at once; try again."));
  }
}
