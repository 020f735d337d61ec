package dev.onbehalf.server.access;

import java.util.List;
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

  /** Checks a request; may take a database look-up, so not on an I/O thread. */
  Verdict authenticate(SignedRequest request);
}
