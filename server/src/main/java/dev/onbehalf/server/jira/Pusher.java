package dev.onbehalf.server.jira;

import dev.onbehalf.applinks.Request.MethodType;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.jira.Answer.Kind;
import dev.onbehalf.server.jira.PushStore.Candidate;
import dev.onbehalf.server.jira.PushStore.Lane;
import dev.onbehalf.server.jira.PushStore.Push;
import dev.onbehalf.server.receive.IssueChanges.Target;
import dev.onbehalf.server.receive.Issues;
import dev.onbehalf.server.receive.Latest;
import dev.onbehalf.server.web.Buckets;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the issues of the linked Jira show the latest state of pipelines and environments. One
 * request after another; while the Jira does not answer, one is tried now and then.
 */
final class Pusher {
  private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);
  private static final int LOOKED_AT = 100;
  private static final int BATCHES = 10;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_CHECK = Duration.ofDays(1);
  private static final Duration LONGEST_UNKNOWN = Duration.ofDays(30);

  private final Parts parts;
  private final Bucket bucket;
  private Instant unknownTurn = Instant.MIN;
  private int failures;
  private volatile @Nullable Pause pause;

  /**
   * What it needs.
   *
   * @param installation what tells our links from those of others
   * @param issues which issues count
   * @param forget has what is remembered of an issue looked up again
   * @param latest what a target last did
   * @param comments whether failures are commented on
   */
  record Parts(
      Peer peer,
      PushStore store,
      String installation,
      PublicUrl site,
      Issues issues,
      Consumer<String> forget,
      Function<Target, Optional<Latest>> latest,
      boolean comments,
      int requestsPerSecond,
      AuditTrail audit,
      InstantSource clock) {}

  /** Why and until when nothing is sent. */
  record Pause(String reason, Instant until) {}

  Pusher(Parts parts) {
    this.parts = parts;
    bucket = Buckets.perSecond(parts.requestsPerSecond(), Buckets.meter(parts.clock()));
  }

  /** Returns why nothing is sent now; null where something is. */
  @Nullable Pause pause() {
    Pause now = pause;
    return now != null && parts.clock().instant().isBefore(now.until()) ? now : null;
  }

  /** Sends again at once, as after the link was mended. */
  void resume() {
    pause = null;
  }

  /**
   * Tells the Jira what is due, as far as it and the limit let it. Issues it does not have are
   * looked up again when nothing else is to be told, or once a minute.
   *
   * @return how many links it looked at; 0 where there is nothing to do for now
   */
  int run() {
    if (pause() != null) {
      return 0;
    }
    int done = 0;
    boolean idle = false;
    for (int batch = 0; batch < BATCHES && !idle && pause() == null; batch++) {
      Round round = tell();
      done += round.lookedAt();
      idle = round.lookedAt() == 0;
      if (round.limited()) {
        break;
      }
    }
    Instant now = parts.clock().instant();
    if (pause() == null && (idle || !now.isBefore(unknownTurn))) {
      unknownTurn = now.plus(UnknownLane.FIRST_CHECK);
      done += lookAgain(now);
      done += pause() == null ? tell().lookedAt() : 0;
    }
    return done;
  }

  /**
   * What came of one look at the queue.
   *
   * @param lookedAt how many links
   * @param limited whether others have to wait for now
   */
  private record Round(int lookedAt, boolean limited) {}

  private Round tell() {
    Instant now = parts.clock().instant();
    List<Candidate> due = parts.store().due(Lane.KNOWN, now, LOOKED_AT);
    if (due.isEmpty()) {
      return new Round(0, false);
    }
    Issues.Found found = find(due);
    List<Candidate> unknown = due.stream().filter(each -> unknown(found, each.issueKey())).toList();
    parts.store().unknown().add(unknown, each -> nextCheck(each, now), now);
    int done = unknown.size();
    for (Candidate candidate : due) {
      if (unknown(found, candidate.issueKey())) {
        continue;
      }
      if (!bucket.tryConsume(1)) {
        return new Round(done, true);
      }
      Optional<Push> push = parts.store().lease(candidate.id(), parts.clock().instant());
      if (push.isEmpty()) {
        continue;
      }
      done++;
      if (!told(push.get(), found)) {
        return new Round(done, true);
      }
    }
    return new Round(done, false);
  }

  /** Looks some issues up that were not there; returns how many. */
  private int lookAgain(Instant now) {
    List<Candidate> due = parts.store().due(Lane.UNKNOWN, now, LOOKED_AT);
    if (due.isEmpty()) {
      return 0;
    }
    Issues.Found found = find(due);
    List<Candidate> appeared = new ArrayList<>();
    List<Candidate> undetermined = new ArrayList<>();
    List<Candidate> unknown = new ArrayList<>();
    List<Candidate> over = new ArrayList<>();
    for (Candidate each : due) {
      Instant since = each.unknownSince();
      if (found.undetermined().contains(each.issueKey())) {
        undetermined.add(each);
      } else if (!unknown(found, each.issueKey())) {
        appeared.add(each);
      } else if ((since != null && since.plus(LONGEST_UNKNOWN).isBefore(now))
          || parts.latest().apply(each.target()).isEmpty()) {
        over.add(each);
      } else {
        unknown.add(each);
      }
    }
    UnknownLane lane = parts.store().unknown();
    lane.leave(appeared, now);
    lane.putOff(undetermined, now.plus(UnknownLane.FIRST_CHECK), now);
    lane.keep(unknown, each -> nextCheck(each, now), now);
    lane.forget(over, now);
    return due.size();
  }

  private Issues.Found find(List<Candidate> due) {
    Set<String> keys = new LinkedHashSet<>();
    due.forEach(candidate -> keys.add(candidate.issueKey()));
    return parts.issues().find(keys);
  }

  private static Instant nextCheck(Candidate candidate, Instant now) {
    return now.plus(backoff(UnknownLane.FIRST_CHECK, LONGEST_CHECK, candidate.attempts()));
  }

  private static boolean unknown(Issues.Found found, String key) {
    return !found.existing().containsKey(key) && !found.undetermined().contains(key);
  }

  /** Returns false where others need not be tried now. */
  private boolean told(Push push, Issues.Found found) {
    String key = push.target().issueKey();
    Optional<Latest> latest = parts.latest().apply(push.target());
    if (latest.isEmpty()) {
      return removed(push);
    }
    RemoteLink link = new RemoteLink(latest.get(), parts.site(), push.target());
    Answer answer =
        parts
            .peer()
            .send(
                MethodType.POST,
                "issue/" + Peer.segment(key) + "/remotelink",
                link.json(globalId(push)));
    if (!answer.is(Kind.DONE)) {
      return failed(push, latest.get(), answer, found);
    }
    failures = 0;
    record(push, Outcome.ALLOWED, latest.get().clientId(), "'" + link.title() + "' is shown.");
    if (!commented(push, link, latest.get())) {
      return false;
    }
    parts.store().sent(push, link.title(), parts.clock().instant());
    return true;
  }

  /**
   * Comments when it begins to fail. That it was done is written before it is done: after a crash
   * or an answer that was lost the comment may be missing, and never comes twice.
   */
  private boolean commented(Push push, RemoteLink link, Latest latest) {
    if (!parts.comments()) {
      return true;
    }
    if (push.failing() && link.succeeded()) {
      parts.store().failing(push, false);
    }
    if (push.failing() || !link.failed() || !parts.store().failing(push, true)) {
      return true;
    }
    Answer answer =
        parts
            .peer()
            .send(
                MethodType.POST,
                "issue/" + Peer.segment(push.target().issueKey()) + "/comment",
                link.comment());
    if (answer.is(Kind.DONE)) {
      record(push, Outcome.ALLOWED, latest.clientId(), "Commented that it fails.");
      return true;
    }
    if (answer.undone() && (answer.is(Kind.BUSY) || answer.is(Kind.DOWN))) {
      parts.store().failing(push, false);
      return interrupted(push, answer);
    }
    record(
        push,
        Outcome.FAILED,
        latest.clientId(),
        "The comment that it fails was not made, or its making not confirmed: "
            + answer.sentence());
    return true;
  }

  private boolean removed(Push push) {
    Answer answer =
        parts
            .peer()
            .send(
                MethodType.DELETE,
                "issue/"
                    + Peer.segment(push.target().issueKey())
                    + "/remotelink?globalId="
                    + Peer.segment(globalId(push)),
                null);
    if (answer.is(Kind.DONE) || answer.is(Kind.ABSENT)) {
      failures = 0;
      parts.store().removed(push, parts.clock().instant());
      record(push, Outcome.ALLOWED, null, "The link is removed.");
      return true;
    }
    if (answer.is(Kind.REFUSED)) {
      parked(push, null, answer);
      return true;
    }
    return interrupted(push, answer);
  }

  private boolean failed(Push push, Latest latest, Answer answer, Issues.Found found) {
    String key = push.target().issueKey();
    if (answer.is(Kind.ABSENT) && found.undetermined().contains(key)) {
      Instant now = parts.clock().instant();
      parts.store().unknown(push, now, now.plus(UnknownLane.FIRST_CHECK));
      return true;
    }
    if (answer.is(Kind.ABSENT)) {
      parts.forget().accept(key);
    }
    if (answer.is(Kind.ABSENT) || answer.is(Kind.REFUSED)) {
      parked(push, latest.clientId(), answer);
      return true;
    }
    return interrupted(push, answer);
  }

  private void parked(Push push, @Nullable String clientId, Answer answer) {
    failures = 0;
    String reason =
        answer.sentence()
            + switch (answer.status()) {
              case 403 -> " Let the link's user link issues there, and switch issue linking on.";
              case 404 -> " The link's user may not see the issue, or it has been deleted.";
              default -> "";
            };
    parts.store().park(push, reason, parts.clock().instant());
    record(push, Outcome.FAILED, clientId, "Given up until it changes: " + reason);
  }

  /** Puts everything off, since no other would fare better now. */
  private boolean interrupted(Push push, Answer answer) {
    Instant now = parts.clock().instant();
    Duration wait = backoff(FIRST_PAUSE, LONGEST_PAUSE, failures++);
    Duration asked = answer.retryAfter();
    Instant until = now.plus(asked != null && asked.compareTo(wait) > 0 ? asked : wait);
    if (failures == 1) {
      LOG.warn("The linked Jira is told nothing until {}: {}", until, answer.sentence());
      record(push, Outcome.FAILED, null, "Everything waits: " + answer.sentence());
    }
    pause = new Pause(answer.sentence(), until);
    if (answer.is(Kind.BUSY)) {
      parts.store().release(push, until);
    } else {
      parts.store().retry(push, answer.sentence(), until);
    }
    return false;
  }

  private static Duration backoff(Duration first, Duration longest, int before) {
    Duration wait = first.multipliedBy(1L << Math.min(before, 20));
    return wait.compareTo(longest) > 0 ? longest : wait;
  }

  private String globalId(Push push) {
    return RemoteLink.globalId(parts.installation(), push.target());
  }

  private void record(Push push, Outcome outcome, @Nullable String clientId, String sentence) {
    parts
        .audit()
        .record(
            AuditEvent.builder(
                    parts.clock().instant(), UUID.randomUUID().toString(), "jira-link", outcome)
                .consumer(clientId)
                .problem(outcome == Outcome.ALLOWED ? null : "not-told")
                .detail("The issue " + push.target().issueKey() + ": " + sentence)
                .build());
  }
}
