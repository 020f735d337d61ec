package dev.onbehalf.server.gateway;

import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.gateway.upstream.UpstreamCall;
import dev.onbehalf.server.gateway.upstream.UpstreamException;
import dev.onbehalf.server.gateway.upstream.UpstreamListener;
import dev.onbehalf.server.gateway.upstream.UpstreamRequest;
import dev.onbehalf.server.gateway.upstream.UpstreamResponse;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request passed to its upstream and its answer passed back. */
final class Exchange implements UpstreamListener {
  /** What all exchanges go through: the header stages both ways, and the watch over tunnels. */
  record Stages(
      RequestHeaders request, ResponseHeaders response, OpenTunnels tunnels, InstantSource clock) {}

  private static final String TUNNEL_ENDED =
      "The tunnel was ended: what let it in was withdrawn, or could not be checked.";

  private final Arrived arrived;
  private final Payload payload;
  private final Stages stages;
  private final @Nullable Visit visit;
  private final @Nullable Recording record;
  private final @Nullable String upgrade;
  private Credentials credentials = Credentials.NOBODY;
  private boolean renewed;
  private volatile @Nullable UpstreamCall call;
  private volatile long sentNanos;

  /**
   * Prepares an exchange.
   *
   * @param visit on whose behalf; null for nobody
   * @param record where the outcome is recorded; null for nowhere
   */
  Exchange(
      Arrived arrived,
      Payload payload,
      Stages stages,
      @Nullable Visit visit,
      @Nullable Recording record) {
    this.arrived = arrived;
    this.payload = payload;
    this.stages = stages;
    this.visit = visit;
    this.record = record;
    this.upgrade = Upgrades.asked(arrived.request());
  }

  /** Whether a method changes nothing (RFC 9110 section 9.2.1); an unknown one may. */
  static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  void start() {
    Request request = arrived.request();
    request.addIdleTimeoutListener(timeout -> false);
    request.addFailureListener(this::clientFailed);
    Visit person = visit;
    if (person == null) {
      send(Credentials.NOBODY);
    } else {
      arrived
          .application()
          .adapter()
          .credentials(person)
          .whenComplete(
              (found, failure) -> {
                if (failure == null) {
                  send(found);
                } else {
                  onFailure(cause(failure));
                }
              });
    }
  }

  private void clientFailed(Throwable cause) {
    UpstreamCall current = call;
    if (current != null) {
      current.abort(cause);
    }
  }

  private void send(Credentials as) {
    credentials = as;
    Visit person = visit;
    HttpFields headers =
        stages
            .request()
            .upstream(
                arrived,
                as.fields(),
                person != null && person.signed(),
                as.cookies(),
                as.cookieNames());
    Content.Source body = payload.source(stages.clock());
    sentNanos = System.nanoTime();
    call =
        arrived
            .application()
            .client()
            .send(
                new UpstreamRequest(
                    arrived.method(),
                    target(),
                    headers,
                    body,
                    payload.length(),
                    upgrade,
                    body == null && isSafe(arrived.method())),
                this,
                LoopConnector.loop(arrived.request()));
  }

  private String target() {
    String path = arrived.rawPath();
    String base = arrived.application().basePath();
    if (!arrived.site().url().contextPath().equals(base)) {
      path = base + arrived.path();
    }
    String query = arrived.rawQuery();
    return query == null ? path : path + "?" + query;
  }

  @Override
  public void onResponse(UpstreamResponse answer) {
    arrived.meters().answered(sentNanos);
    Visit person = visit;
    boolean stale =
        person != null
            && !renewed
            && credentials.renewable()
            && payload.repeatable()
            && arrived.application().adapter().mayBeStale(answer.status());
    if (stale && person != null) {
      renewed = true;
      renew(person, answer);
    } else {
      relay(answer);
    }
  }

  /** Keeps the refusal unread until it is known whether other credentials would be accepted. */
  private void renew(Visit person, UpstreamResponse refusal) {
    Credentials stale = credentials;
    arrived
        .application()
        .adapter()
        .renew(person, stale)
        .whenComplete(
            (fresh, failure) -> {
              boolean changed =
                  failure == null
                      && (!fresh.fields().equals(stale.fields())
                          || !Objects.equals(fresh.cookies(), stale.cookies()));
              if (changed) {
                refusal.fail(new IllegalStateException("Sent again with fresh credentials."));
                send(fresh);
              } else {
                relay(refusal);
              }
            });
  }

  private void relay(UpstreamResponse answer) {
    note(Outcome.ALLOWED, null, null);
    HttpFields.Mutable headers = arrived.response().getHeaders();
    arrived.response().setStatus(answer.status());
    boolean cookies = credentials.cookies() == null && (visit == null || !visit.signed());
    stages.response().copy(answer.headers(), headers, arrived.site(), cookies);
    if (answer.status() == 101) {
      Upgrades.tunnel(arrived, answer, upgrade, guard());
    } else {
      Content.copy(answer, arrived.response(), new Relayed());
    }
  }

  private OpenTunnels.@Nullable Guard guard() {
    Visit person = visit;
    return person == null
        ? null
        : stages
            .tunnels()
            .guard(person.stands(), () -> note(Outcome.REFUSED, "tunnel-ended", TUNNEL_ENDED));
  }

  /** Ends the answer; one that broke off before its first byte left becomes a failure of ours. */
  private final class Relayed implements Callback {
    @Override
    public void succeeded() {
      arrived.callback().succeeded();
    }

    @Override
    public void failed(Throwable cause) {
      if (cause instanceof UpstreamException known && !arrived.response().isCommitted()) {
        Failures.answer(arrived, known);
      } else {
        Failures.brokenOff(arrived, cause);
      }
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  @Override
  public void onFailure(UpstreamException failure) {
    arrived.meters().failed(failure.reason());
    if (failure.reason() == UpstreamException.Reason.CLIENT) {
      boolean slow = failure.getCause() instanceof PacedSource.TooSlowException;
      note(Outcome.FAILED, slow ? "client-slow" : "client-gone", null);
      if (slow) {
        Answers.closing(
            arrived.response(),
            arrived.callback(),
            408,
            "The body arrives too slowly.",
            arrived.id());
        return;
      }
      arrived.refuse(400, "The request did not arrive whole and sound.");
      return;
    }
    note(Outcome.FAILED, "upstream", null);
    Failures.answer(arrived, failure);
  }

  private void note(Outcome outcome, @Nullable String problem, @Nullable String why) {
    if (record != null) {
      record.note(arrived, outcome, problem, why);
    }
  }

  private static UpstreamException cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof UpstreamException known
        ? known
        : new UpstreamException(
            UpstreamException.Reason.BROKEN, "The upstream could not be asked.", cause);
  }
}
