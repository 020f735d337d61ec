package dev.onbehalf.server.gateway.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The two halves of one exchange on one connection: the request and its answer. A request that is
 * sent once more has new ones, since the end of its first sending may be heard of late.
 */
final class Halves {
  private final AtomicInteger unfinished = new AtomicInteger(2);

  /** Notes that the request is sent or the answer is whole; true if both are. */
  boolean finishOne() {
    return unfinished.decrementAndGet() == 0;
  }
}
