package dev.onbehalf.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * For Jenkins and Hudson: as {@link HeaderAdapter}, and state-changing <em>signed</em> requests
 * carry the person's own crumb, so that the upstream's protection against cross-site requests stays
 * on. A browser's request never gets a crumb: it would undo that protection.
 *
 * <p>Crumbs are bound to the person, the upstream session and the first address of {@code
 * X-Forwarded-For}, so they are kept per person and client address. Even a fresh crumb is renewed
 * once where it is refused: old servers compute crumbs with a digest that several threads share, so
 * that under load some come out wrong.
 */
final class JenkinsAdapter implements UpstreamAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(JenkinsAdapter.class);
  private static final String CRUMB_PATH = "/crumbIssuer/api/json";
  private static final int MAX_CRUMBS = 10_000;
  private static final Duration IDLE = Duration.ofMinutes(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Cache<String, CompletableFuture<Crumb>> crumbs =
      Caffeine.newBuilder().maximumSize(MAX_CRUMBS).expireAfterAccess(IDLE).build();

  /**
   * What the upstream wants to see again.
   *
   * @param field the crumb; null where the upstream issues none
   */
  private record Crumb(@Nullable HttpField field, @Nullable String cookies, Set<String> names) {
    static final Crumb NONE = new Crumb(null, null, Set.of());

    @Override
    public String toString() {
      return "Crumb[...]";
    }
  }

  @Override
  public CompletionStage<Credentials> credentials(Visit visit) {
    if (!visit.signed() || Exchange.isSafe(visit.arrived().method())) {
      return CompletableFuture.completedStage(Credentials.headers(visit.identity()));
    }
    CompletableFuture<Crumb> kept = crumbs.getIfPresent(key(visit));
    return (kept != null ? kept : issue(visit))
        .thenApply(crumb -> credentials(visit, crumb, crumb.field() != null));
  }

  @Override
  public boolean mayBeStale(int status) {
    return status == 403;
  }

  @Override
  public CompletionStage<Credentials> renew(Visit visit, Credentials stale) {
    CompletableFuture<Crumb> kept = crumbs.getIfPresent(key(visit));
    if (kept != null && kept.isDone() && !kept.isCompletedExceptionally()) {
      Credentials current = credentials(visit, kept.join(), false);
      if (!current.fields().equals(stale.fields())) {
        return CompletableFuture.completedStage(current);
      }
      crumbs.asMap().remove(key(visit), kept);
    }
    return issue(visit).thenApply(crumb -> credentials(visit, crumb, false));
  }

  private static String key(Visit visit) {
    return visit.key() + '\n' + visit.arrived().clientAddress();
  }

  private CompletableFuture<Crumb> issue(Visit visit) {
    String key = key(visit);
    CompletableFuture<Crumb> issued =
        crumbs.get(
            key,
            absent ->
                Fetch.get(visit, CRUMB_PATH, "application/json")
                    .thenApply(answer -> crumb(visit, answer)));
    return issued.whenComplete(
        (crumb, failure) -> {
          if (failure != null || crumb.field() == null) {
            crumbs.asMap().remove(key, issued);
          }
        });
  }

  private static Crumb crumb(Visit visit, Fetch.Answer answer) {
    if (answer.status() == 200) {
      try {
        JsonNode json = JSON.readTree(answer.body());
        String name = json.path("crumbRequestField").asString("");
        String value = json.path("crumb").asString("");
        if (!name.isEmpty() && !value.isEmpty()) {
          return new Crumb(
              new HttpField(name, value),
              answer.cookies().isEmpty() ? null : answer.cookieHeader(),
              Set.copyOf(answer.cookies().keySet()));
        }
      } catch (JacksonException e) {
        LOG.warn("The crumb answer of {} is not JSON.", visit.arrived().application().name());
        return Crumb.NONE;
      }
    }
    if (answer.status() != 404) {
      LOG.warn(
          "{} gave no crumb for {} but status {}; the request goes on without.",
          visit.arrived().application().name(),
          visit.person().name(),
          answer.status());
    }
    return Crumb.NONE;
  }

  private static Credentials credentials(Visit visit, Crumb crumb, boolean renewable) {
    List<HttpField> fields = new ArrayList<>();
    if (crumb.field() != null) {
      fields.add(crumb.field());
    }
    fields.addAll(visit.identity());
    return new Credentials(fields, crumb.cookies(), crumb.names(), renewable);
  }
}
