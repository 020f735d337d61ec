package dev.onbehalf.server.jira;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What became of a request to the Jira.
 *
 * @param kind what it means
 * @param status the status; 0 where there was none
 * @param body its JSON; missing where there was none
 * @param retryAfter how long it asks to be left alone; null where it does not say
 * @param sentence why it did not do it; empty where it did
 * @param undone whether it surely did nothing
 */
record Answer(
    Kind kind,
    int status,
    JsonNode body,
    @Nullable Duration retryAfter,
    String sentence,
    boolean undone) {

  enum Kind {
    DONE,
    /** There is no such issue or link, or it may not be seen. */
    ABSENT,
    /** This very request will never do. */
    REFUSED,
    /** It asks for patience. */
    BUSY,
    /** No request will do for now: it is down, or the link to it is faulty. */
    DOWN
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
