package dev.onbehalf.server.link;

import dev.onbehalf.server.config.PublicUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a person may be sent after a dance: our own sites alone ({@code docs/threat-model.md}
 * attack 49).
 */
final class OwnSites {
  private static final int LONGEST = 2000;
  private static final Pattern AMBIGUOUS =
      Pattern.compile("(?i)(^|/)(\\.|%2e){1,2}([;/]|$)|%2f|%5c|%25|%0|%1|//|;");

  private final List<PublicUrl> sites;

  OwnSites(List<PublicUrl> sites) {
    this.sites = List.copyOf(sites);
  }

  /**
   * Returns an address below one of our sites, made anew of the site's origin and what was given.
   *
   * @param given an absolute URL, or a raw path of the site {@code here}
   * @return empty if it leads anywhere else, or can be read in more than one way
   */
  Optional<String> own(PublicUrl here, String given) {
    if (given.length() > LONGEST
        || !given.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
      return Optional.empty();
    }
    URI url;
    try {
      url = new URI(given.startsWith("/") ? here.origin() + given : given);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    if (url.getScheme() == null || url.getHost() == null || url.getRawUserInfo() != null) {
      return Optional.empty();
    }
    String path = url.getRawPath();
    if (AMBIGUOUS.matcher(path).find()) {
      return Optional.empty();
    }
    return sites.stream()
        .filter(site -> isBelow(site, url))
        .findFirst()
        .map(
            site ->
                site.origin()
                    + path
                    + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                    + (url.getRawFragment() == null ? "" : "#" + url.getRawFragment()));
  }

  private static boolean isBelow(PublicUrl site, URI url) {
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    String path = url.getRawPath();
    return site.scheme().equals(scheme)
        && site.host().equals(url.getHost().toLowerCase(Locale.ROOT))
        && site.port() == port
        && (path.equals(site.contextPath()) || path.startsWith(site.contextPath() + "/"));
  }
}
