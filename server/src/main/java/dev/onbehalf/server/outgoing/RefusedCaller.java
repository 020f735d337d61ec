package dev.onbehalf.server.outgoing;

import dev.onbehalf.server.web.WebResponse;
import org.jspecify.annotations.Nullable;

/** A caller who is not let through. */
final class RefusedCaller extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String problem;
  private final String detail;
  private final @Nullable String consumer;
  private final @Nullable String person;
  private final transient @Nullable WebResponse answer;

  /**
   * Describes the refusal.
   *
   * @param problem a word for the audit trail
   * @param sentence what the caller may know
   * @param detail what the administrator may know beyond it; empty for nothing
   */
  RefusedCaller(int status, String problem, String sentence, String detail) {
    this(status, problem, sentence, detail, null, null, null);
  }

  RefusedCaller(
      int status,
      String problem,
      String sentence,
      String detail,
      @Nullable String consumer,
      @Nullable String person,
      @Nullable WebResponse answer) {
    super(sentence, null, false, false);
    this.status = status;
    this.problem = problem;
    this.detail = detail;
    this.consumer = consumer;
    this.person = person;
    this.answer = answer;
  }

  String problem() {
    return problem;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  /** Returns everything the administrator may know. */
  String record() {
    return detail.isEmpty() ? sentence() : sentence() + " " + detail;
  }

  @Nullable String consumer() {
    return consumer;
  }

  @Nullable String person() {
    return person;
  }

  /** Returns what the caller gets. */
  WebResponse toAnswer() {
    if (answer != null) {
      return answer;
    }
    WebResponse error = Json.error(status, problem, sentence());
    return status == 503 ? error.with("Retry-After", "1") : error;
  }
}
