package dev.onbehalf.delivery.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a set of reports at one site: what was taken, what was not and why. */
public final class SiteResult {
  private final String site;
  private final Outcome outcome;
  private final List<String> accepted;
  private final List<Rejection> rejected;
  private final List<String> unknownIssueKeys;
  private final List<String> unknownAssociations;
  private final @Nullable DeliveryException problem;

  private SiteResult(
      String site,
      Outcome outcome,
      List<String> accepted,
      List<Rejection> rejected,
      List<String> unknownIssueKeys,
      List<String> unknownAssociations,
      @Nullable DeliveryException problem) {
    this.site = site;
    this.outcome = outcome;
    this.accepted = List.copyOf(accepted);
    this.rejected = List.copyOf(rejected);
    this.unknownIssueKeys = List.copyOf(unknownIssueKeys);
    this.unknownAssociations = List.copyOf(unknownAssociations);
    this.problem = problem;
  }

  /** The whole in one word. */
  public enum Outcome {
    /** Every report was accepted and every key known. */
    ACCEPTED,
    /** Something was accepted, but not all, or not for every key. */
    ACCEPTED_IN_PART,
    /** Nothing was accepted. */
    REJECTED,
    /** Kept on disk; it is sent with the next report or by a flush. */
    SPOOLED,
    /** Neither sent nor kept. */
    NOT_SENT
  }

  static SiteResult answered(
      String site,
      List<String> accepted,
      List<Rejection> rejected,
      List<String> unknownIssueKeys,
      List<String> unknownAssociations) {
    Outcome outcome;
    if (accepted.isEmpty() && !rejected.isEmpty()) {
      outcome = Outcome.REJECTED;
    } else if (rejected.isEmpty() && unknownIssueKeys.isEmpty() && unknownAssociations.isEmpty()) {
      outcome = Outcome.ACCEPTED;
    } else {
      outcome = Outcome.ACCEPTED_IN_PART;
    }
    return new SiteResult(
        site, outcome, accepted, rejected, unknownIssueKeys, unknownAssociations, null);
  }

  static SiteResult failed(String site, boolean kept, DeliveryException problem) {
    Outcome outcome =
        switch (problem.kind()) {
          case REFUSED, TOO_LARGE -> Outcome.REJECTED;
          default -> kept ? Outcome.SPOOLED : Outcome.NOT_SENT;
        };
    return new SiteResult(site, outcome, List.of(), List.of(), List.of(), List.of(), problem);
  }

  /** Returns both together, as if they had been one. */
  SiteResult and(SiteResult other) {
    DeliveryException first = problem != null ? problem : other.problem;
    SiteResult both =
        answered(
            site,
            joined(accepted, other.accepted),
            joined(rejected, other.rejected),
            joined(unknownIssueKeys, other.unknownIssueKeys),
            joined(unknownAssociations, other.unknownAssociations));
    if (first == null) {
      return both;
    }
    Outcome worse = outcome.compareTo(other.outcome) >= 0 ? outcome : other.outcome;
    boolean part = worse == Outcome.REJECTED && !both.accepted.isEmpty();
    return new SiteResult(
        site,
        part ? Outcome.ACCEPTED_IN_PART : worse,
        both.accepted,
        both.rejected,
        both.unknownIssueKeys,
        both.unknownAssociations,
        first);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    second.stream().filter(item -> !all.contains(item)).forEach(all::add);
    return all;
  }

  /** Returns the name of the site. */
  public String site() {
    return site;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** Returns the reports the site took, for people. */
  public List<String> accepted() {
    return accepted;
  }

  public List<Rejection> rejected() {
    return rejected;
  }

  /** Returns the issue keys of these reports that the site does not know. */
  public List<String> unknownIssueKeys() {
    return unknownIssueKeys;
  }

  /** Returns the other associated things the site does not know, with their type. */
  public List<String> unknownAssociations() {
    return unknownAssociations;
  }

  /** Returns why there was no answer; empty where there was one. */
  public Optional<DeliveryException> problem() {
    return Optional.ofNullable(problem);
  }

  @Override
  public String toString() {
    return site
        + ": "
        + outcome
        + " accepted="
        + accepted
        + " rejected="
        + rejected
        + " unknownIssueKeys="
        + unknownIssueKeys
        + " unknownAssociations="
        + unknownAssociations
        + (problem == null ? "" : " problem=" + problem.getMessage());
  }
}
