package dev.onbehalf.server.people;

import dev.onbehalf.server.web.WebRequest;

/** What browsers tell about where a request was started (Fetch Metadata). */
final class CrossSite {
  private CrossSite() {}

  /**
   * Whether the browser says that another site, or another origin of this site, started the
   * request. Browsers say nothing over plain HTTP, so that this only adds to form tokens.
   */
  static boolean claimed(WebRequest request) {
    return request
        .header("Sec-Fetch-Site")
        .filter(site -> site.equals("cross-site") || site.equals("same-site"))
        .isPresent();
  }
}
