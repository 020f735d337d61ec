package dev.onbehalf.server.gateway;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Whether a browser says that a request was started by another site (Fetch Metadata, RFC 6454). A
 * request that says nothing is left to the {@code SameSite} attribute of the session cookie.
 */
final class CrossSite {
  private CrossSite() {}

  /** Whether a state-changing request comes from elsewhere, as far as the browser tells. */
  static boolean foreign(HttpFields headers, Site site) {
    String origin = headers.get(HttpHeader.ORIGIN);
    if (origin != null) {
      return !sameOrigin(origin, site);
    }
    String fetchSite = headers.get("Sec-Fetch-Site");
    return fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none");
  }

  /** Whether a request names this site as its origin, as browsers do for every upgrade. */
  static boolean sameOrigin(HttpFields headers, Site site) {
    String origin = headers.get(HttpHeader.ORIGIN);
    return origin != null && sameOrigin(origin, site);
  }

  private static boolean sameOrigin(String origin, Site site) {
    return origin.equalsIgnoreCase(site.url().origin());
  }
}
