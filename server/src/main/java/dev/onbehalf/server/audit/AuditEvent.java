package dev.onbehalf.server.audit;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One decision: who asked, as whom it ran, through which consumer, allowed or why not.
 *
 * @param at when it was decided
 * @param requestId the request it belongs to
 * @param action what was decided, such as {@code request}, {@code sign-in}, {@code consent}, {@code
 *     consumer-add}
 * @param outcome how it ended
 * @param consumer consumer key; null where none takes part
 * @param person who asked; null where unknown
 * @param actedAs as whom it ran upstream; null for anonymous
 * @param application name of the application; null where none takes part
 * @param method HTTP method; null where none takes part
 * @param path raw path without query; null where none takes part
 * @param problem OAuth problem code or reason of a refusal; null where allowed
 * @param detail one sentence for the administrator, free of secrets; null for none
 * @param remoteAddress the client's address; null where none takes part
 */
public record AuditEvent(
    Instant at,
    String requestId,
    String action,
    Outcome outcome,
    @Nullable String consumer,
    @Nullable String person,
    @Nullable String actedAs,
    @Nullable String application,
    @Nullable String method,
    @Nullable String path,
    @Nullable String problem,
    @Nullable String detail,
    @Nullable String remoteAddress) {

  /** How a decision ended. */
  public enum Outcome {
    ALLOWED,
    REFUSED,
    /** Allowed, but it could not be carried out, as when the upstream is down. */
    FAILED
  }

  /** Starts an event about {@code action}. */
  public static Builder builder(Instant at, String requestId, String action, Outcome outcome) {
    return new Builder(at, requestId, action, outcome);
  }

  /** Collects the fields that apply; the others stay null. */
  public static final class Builder {
    private final Instant at;
    private final String requestId;
    private final String action;
    private final Outcome outcome;
    private @Nullable String consumer;
    private @Nullable String person;
    private @Nullable String actedAs;
    private @Nullable String application;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String problem;
    private @Nullable String detail;
    private @Nullable String remoteAddress;

    private Builder(Instant at, String requestId, String action, Outcome outcome) {
      this.at = Objects.requireNonNull(at, "at");
      this.requestId = Objects.requireNonNull(requestId, "requestId");
      this.action = Objects.requireNonNull(action, "action");
      this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    public Builder consumer(@Nullable String value) {
      consumer = value;
      return this;
    }

    public Builder person(@Nullable String value) {
      person = value;
      return this;
    }

    public Builder actedAs(@Nullable String value) {
      actedAs = value;
      return this;
    }

    public Builder application(@Nullable String value) {
      application = value;
      return this;
    }

    public Builder request(@Nullable String methodValue, @Nullable String pathValue) {
      method = methodValue;
      path = pathValue;
      return this;
    }

    public Builder problem(@Nullable String value) {
      problem = value;
      return this;
    }

    public Builder detail(@Nullable String value) {
      detail = value;
      return this;
    }

    public Builder remoteAddress(@Nullable String value) {
      remoteAddress = value;
      return this;
    }

    public AuditEvent build() {
      return new AuditEvent(
          at,
          requestId,
          action,
          outcome,
          consumer,
          person,
          actedAs,
          application,
          method,
          path,
          problem,
          detail,
          remoteAddress);
    }
  }
}
