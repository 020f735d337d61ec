package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.PublicUrl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the application of a request by host and path. With one application every host is its
 * own, so that a proxy in front need not keep the {@code Host}.
 */
final class Sites {
  private final Map<String, List<Site>> byAuthority = new HashMap<>();
  private final @Nullable Site only;

  Sites(List<Application> applications) {
    for (Application application : applications) {
      for (PublicUrl url : application.urls()) {
        Site site = Site.of(application, url);
        add(url.authority(), site);
        add(url.host() + ":" + url.port(), site);
      }
    }
    for (List<Site> sites : byAuthority.values()) {
      sites.sort(
          Comparator.comparingInt((Site site) -> site.url().contextPath().length()).reversed());
    }
    only =
        applications.size() == 1
            ? Site.of(applications.get(0), applications.get(0).urls().get(0))
            : null;
  }

  private void add(String authority, Site site) {
    List<Site> sites = byAuthority.computeIfAbsent(authority, name -> new ArrayList<>(1));
    if (!sites.contains(site)) {
      sites.add(site);
    }
  }

  /** Whether an application is configured under this authority. */
  boolean knows(String authority) {
    return byAuthority.containsKey(authority.toLowerCase(Locale.ROOT));
  }

  /**
   * Finds the application of a request.
   *
   * @param authority host and port as the client named them; null where it named none
   * @return null if there is none
   */
  @Nullable Site find(@Nullable String authority, String rawPath) {
    List<Site> sites = authority == null ? null : byAuthority.get(authority);
    if (sites == null && authority != null) {
      sites = byAuthority.get(authority.toLowerCase(Locale.ROOT));
    }
    if (sites != null) {
      for (Site site : sites) {
        if (site.covers(rawPath)) {
          return site;
        }
      }
      return null;
    }
    return only != null && only.covers(rawPath) ? only : null;
  }
}
