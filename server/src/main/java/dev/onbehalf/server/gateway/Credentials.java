package dev.onbehalf.server.gateway;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;

/**
 * What a request carries so that the upstream takes it for a person's.
 *
 * @param fields header lines, set last
 * @param cookies the person's own upstream session as the value of a {@code Cookie} header; null
 *     for none
 * @param cookieNames names of those cookies: the client's own of that name stay behind
 * @param renewable whether others may be had where the upstream refuses these
 */
record Credentials(
    List<HttpField> fields, @Nullable String cookies, Set<String> cookieNames, boolean renewable) {

  static final Credentials NOBODY = new Credentials(List.of(), null, Set.of(), false);

  static Credentials headers(List<HttpField> fields) {
    return new Credentials(fields, null, Set.of(), false);
  }

  @Override
  public String toString() {
    return "Credentials[...]";
  }
}
