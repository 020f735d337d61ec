package dev.onbehalf.server.gateway;

import dev.onbehalf.server.gateway.upstream.UpstreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers where the upstream gave none, and leaves a line in the log. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Ends a connection whose answer has begun, so that the client sees that it is not whole. */
  static void brokenOff(Arrived arrived, Throwable cause) {
    LOG.info(
        "{} {} at {} broke off, request {}: {}",
        arrived.method(),
        arrived.path(),
        arrived.application().name(),
        arrived.id(),
        cause.toString());
    arrived.callback().failed(cause);
  }

  static void answer(Arrived arrived, UpstreamException failure) {
    String name = arrived.application().name();
    LOG.warn(
        "{} {} at {} failed, request {}: {} {}",
        arrived.method(),
        arrived.path(),
        name,
        arrived.id(),
        failure.getMessage(),
        failure.getCause() == null ? "" : failure.getCause().toString());
    switch (failure.reason()) {
      case SLOW -> arrived.refuse(504, name + " did not answer in time; try again later.");
      case BUSY -> arrived.refuse(503, name + " has too many requests; try again in a moment.");
      case UNSENDABLE ->
          arrived.refuse(400, "The request holds a character that HTTP does not allow there.");
      case UNREACHABLE -> arrived.refuse(502, name + " cannot be reached; try again later.");
      default -> arrived.refuse(502, name + " gave no complete answer; try again later.");
    }
  }
}
