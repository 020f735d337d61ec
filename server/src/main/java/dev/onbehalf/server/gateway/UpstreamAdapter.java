package dev.onbehalf.server.gateway;

import java.util.concurrent.CompletionStage;

/** How an application learns who a person is. */
interface UpstreamAdapter {

  /**
   * Gets what a request of {@code visit} must carry; may ask the upstream first.
   *
   * @return fails with an {@link dev.onbehalf.server.gateway.upstream.UpstreamException} if the
   *     upstream had to be asked and did not answer
   */
  CompletionStage<Credentials> credentials(Visit visit);

  /** Whether an answer of this status may mean that renewable credentials went stale. */
  boolean mayBeStale(int status);

  /** Gets new credentials in place of {@code stale} ones; the same again if nothing changed. */
  CompletionStage<Credentials> renew(Visit visit, Credentials stale);
}
