package dev.onbehalf.server.access;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Says who a request is: the gateway's first question. */
public interface RequestAuthenticator {

  /**
   * Says, without reading the body, whether the request carries OAuth parameters; only then is
   * {@link #authenticate} worth its cost.
   *
   * @param formBody whether the request has a form body
   */
  boolean mayBeSigned(List<String> authorization, @Nullable String rawQuery, boolean formBody);

  /**
   * Checks a request; may take a database look-up, so not on an I/O thread.
   *
   * @param admits asked with the consumer's key once the signature fits and before the nonce is
   *     spent; where it says no, the same request may be sent again
   */
  Verdict authenticate(SignedRequest request, Predicate<String> admits);

  /**
   * Checks a request as {@link #authenticate(SignedRequest, Predicate)} does, where that takes
   * nothing from a database, and so on an I/O thread too.
   *
   * @return null, with nothing counted or spent, where a database is needed
   */
  default @Nullable Verdict authenticateAtOnce(SignedRequest request, Predicate<String> admits) {
    return null;
  }

  /**
   * Whether a caller that was accepted earlier would be accepted still: consumer, credential, token
   * and person. May take a database look-up.
   *
   * @throws RuntimeException if that cannot be told now
   */
  boolean stands(Caller caller, String application);

  /** Checks a request of a consumer that may send as many as it likes. */
  default Verdict authenticate(SignedRequest request) {
    return authenticate(request, consumerKey -> true);
  }
}
