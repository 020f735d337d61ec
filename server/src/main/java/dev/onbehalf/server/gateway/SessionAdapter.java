package dev.onbehalf.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * For applications that read the identity header on their front page only and know the person by a
 * cookie from then on, as Buildbot does ({@code docs/peer-facts.md} section 3): one cookie jar per
 * person, which stays at the gateway.
 */
final class SessionAdapter implements UpstreamAdapter {
  private static final int MAX_JARS = 10_000;
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final Cache<String, CompletableFuture<Credentials>> jars =
      Caffeine.newBuilder().maximumSize(MAX_JARS).expireAfterWrite(LIFE).build();

  @Override
  public CompletionStage<Credentials> credentials(Visit visit) {
    CompletableFuture<Credentials> kept = jars.getIfPresent(visit.key());
    return (kept != null ? kept : open(visit))
        .thenApply(jar -> withFields(jar, visit, kept != null));
  }

  @Override
  public boolean mayBeStale(int status) {
    return status == 401 || status == 403;
  }

  @Override
  public CompletionStage<Credentials> renew(Visit visit, Credentials stale) {
    CompletableFuture<Credentials> kept = jars.getIfPresent(visit.key());
    if (kept != null && kept.isDone() && !kept.isCompletedExceptionally()) {
      Credentials jar = kept.join();
      if (!Objects.equals(jar.cookies(), stale.cookies())) {
        return CompletableFuture.completedStage(withFields(jar, visit, false));
      }
      jars.asMap().remove(visit.key(), kept);
    }
    return open(visit).thenApply(jar -> withFields(jar, visit, false));
  }

  private CompletableFuture<Credentials> open(Visit visit) {
    CompletableFuture<Credentials> opened =
        jars.get(
            visit.key(),
            absent ->
                Fetch.get(visit, "/", "text/html, */*")
                    .thenApply(
                        answer ->
                            new Credentials(
                                visit.identity(),
                                answer.cookies().isEmpty() ? null : answer.cookieHeader(),
                                Set.copyOf(answer.cookies().keySet()),
                                true)));
    return opened.whenComplete(
        (jar, failure) -> {
          if (failure != null) {
            jars.asMap().remove(visit.key(), opened);
          }
        });
  }

  private static Credentials withFields(Credentials jar, Visit visit, boolean renewable) {
    return new Credentials(visit.identity(), jar.cookies(), jar.cookieNames(), renewable);
  }
}
