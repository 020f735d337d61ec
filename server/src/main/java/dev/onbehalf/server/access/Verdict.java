package dev.onbehalf.server.access;

import dev.onbehalf.server.web.WebResponse;
import org.jspecify.annotations.Nullable;

/** What the provider says of a request. */
public sealed interface Verdict {

  /** The request carries no OAuth signature and passes as it came. */
  record Unsigned() implements Verdict {}

  /** The signature is right: the request runs as the caller's person. */
  record Accepted(Caller caller) implements Verdict {}

  /**
   * The signature is right, but the consumer was not admitted; the nonce is not spent.
   *
   * @param consumerKey the consumer that signed
   */
  record NotAdmitted(String consumerKey) implements Verdict {}

  /**
   * The request is refused.
   *
   * @param response what the stranger gets
   * @param consumerKey the consumer it names; null where it names none that we know
   * @param person the person it would have run as; null where that was not established
   * @param problem problem code or reason
   * @param detail one sentence for the administrator
   */
  record Refused(
      WebResponse response,
      @Nullable String consumerKey,
      @Nullable String person,
      String problem,
      @Nullable String detail)
      implements Verdict {}
}
