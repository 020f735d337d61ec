package dev.onbehalf.delivery.send;

import java.util.List;

/**
 * What became of a set of reports, site by site, in the order the sites were configured.
 *
 * @param sites one result for each site
 */
public record SendResult(List<SiteResult> sites) {
  public SendResult {
    sites = List.copyOf(sites);
  }

  /** Tells whether every site took every report for every key. */
  public boolean complete() {
    return sites.stream().allMatch(site -> site.outcome() == SiteResult.Outcome.ACCEPTED);
  }
}
