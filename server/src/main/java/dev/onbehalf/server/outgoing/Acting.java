package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.people.Person;
import dev.onbehalf.server.policy.CanonicalPath;
import org.jspecify.annotations.Nullable;

/**
 * A caller who has shown who they are.
 *
 * @param person as whom the request runs at the peer
 * @param how by what they are known, for the audit trail: {@code session}, {@code build ci app #5}
 * @param consumer key of the consumer that signed; null where none did
 * @param limits what they may do there
 */
record Acting(Person person, String how, @Nullable String consumer, Limits limits) {
  private static final String SESSION = "session";

  /** Makes the caller of a person who is signed in in a browser. */
  static Acting ofBrowser(Person person) {
    return new Acting(person, SESSION, null, (link, method, path) -> null);
  }

  /** Returns why they are not let through. */
  RefusedCaller refused(int status, String problem, String sentence) {
    return new RefusedCaller(
        status,
        problem,
        sentence,
        "The caller was known by " + how + ".",
        consumer,
        person.name(),
        null);
  }

  /** Whether a page in the person's browser may have sent the request without them. */
  boolean browser() {
    return how.equals(SESSION);
  }

  /** Limits a caller to some requests. */
  @FunctionalInterface
  interface Limits {
    /** Returns why a request is beyond the caller, one sentence; null where it is not. */
    @Nullable String refusal(String link, String method, CanonicalPath path);
  }
}
