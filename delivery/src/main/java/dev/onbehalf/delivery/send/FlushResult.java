package dev.onbehalf.delivery.send;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a flush did for one site. */
public final class FlushResult {
  private final String site;
  private final int sent;
  private final int kept;
  private final List<SiteResult> results;
  private final @Nullable DeliveryException problem;

  FlushResult(
      String site,
      int sent,
      int kept,
      List<SiteResult> results,
      @Nullable DeliveryException problem) {
    this.site = site;
    this.sent = sent;
    this.kept = kept;
    this.results = List.copyOf(results);
    this.problem = problem;
  }

  public String site() {
    return site;
  }

  /** Returns how many kept batches were answered. */
  public int sent() {
    return sent;
  }

  /** Returns how many batches are still kept. */
  public int kept() {
    return kept;
  }

  /** Returns what the site said to each batch it answered, in order. */
  public List<SiteResult> results() {
    return results;
  }

  /** Returns why some are still kept. */
  public Optional<DeliveryException> problem() {
    return Optional.ofNullable(problem);
  }
}
