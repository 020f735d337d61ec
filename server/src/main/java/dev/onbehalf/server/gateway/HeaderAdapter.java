package dev.onbehalf.server.gateway;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The person in header lines, nothing more. */
final class HeaderAdapter implements UpstreamAdapter {

  @Override
  public CompletionStage<Credentials> credentials(Visit visit) {
    return CompletableFuture.completedStage(Credentials.headers(visit.identity()));
  }

  @Override
  public boolean mayBeStale(int status) {
    return false;
  }

  @Override
  public CompletionStage<Credentials> renew(Visit visit, Credentials stale) {
    return CompletableFuture.completedStage(stale);
  }
}
