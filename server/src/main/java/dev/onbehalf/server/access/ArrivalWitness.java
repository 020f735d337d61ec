package dev.onbehalf.server.access;

import org.jspecify.annotations.Nullable;

/** Recognises the requests by which the service looks at its own public URL from outside. */
@FunctionalInterface
public interface ArrivalWitness {
  /** What the raw path of such a request contains. */
  String PATH = "/-/onbehalf/arrival/";

  /**
   * Says what arrived, as JSON.
   *
   * @return null where the request is none of our own, and so goes the way of all others
   */
  @Nullable String testimony(RawArrival arrival);
}
