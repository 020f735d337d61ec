package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The access token and the cloud id of one site, asked for when first needed; {@code
 * docs/peer-facts.md} 2.1 and 2.2. Safe for threads: one asks, the others wait for it.
 */
final class Tokens {
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final Site site;
  private final Caller caller;
  private @Nullable Token current;
  private @Nullable String cloudId;

  Tokens(Site site, Caller caller) {
    this.site = site;
    this.caller = caller;
  }

  /**
   * A token in use.
   *
   * @param value the token
   * @param scopes what it may do, as the site says; empty where it does not say
   * @param freshUntil when another is asked for
   */
  record Token(Secret value, Set<String> scopes, Instant freshUntil) {}

  synchronized Token token(Instant deadline) throws DeliveryException {
    Token token = current;
    if (token == null || !caller.now().isBefore(token.freshUntil)) {
      token = fetch(deadline);
      current = token;
    }
    return token;
  }

  /** Forgets {@code refused}, unless another thread has replaced it already. */
  synchronized void forget(Token refused) {
    if (refused.equals(current)) {
      current = null;
    }
  }

  synchronized String cloudId(Instant deadline) throws DeliveryException {
    String known = cloudId;
    if (known == null) {
      known = fetchCloudId(deadline);
      cloudId = known;
    }
    return known;
  }

  private String fetchCloudId(Instant deadline) throws DeliveryException {
    HttpRequest request =
        caller.http().request(site.tenantInfo()).header("Accept", "application/json").GET().build();
    JsonNode body =
        ask(
            request,
            deadline,
            site.name() + " is not a site this program can report to; check its name");
    String id = body.path("cloudId").asString();
    if (id.isEmpty() || id.length() > 128) {
      throw new DeliveryException(
          Kind.MISCONFIGURED,
          site.name() + " did not tell its cloud id; check that it is a Jira site.");
    }
    return id;
  }

  /**
   * Asks; a refusal means that something is configured wrongly, and {@code complaint} says what.
   */
  private JsonNode ask(HttpRequest request, Instant deadline, String complaint)
      throws DeliveryException {
    try {
      return caller.call(request, deadline);
    } catch (DeliveryException e) {
      throw switch (e.kind()) {
        case UNREACHABLE, MISCONFIGURED -> e;
        default ->
            new DeliveryException(
                Kind.MISCONFIGURED, "%s (%s)".formatted(complaint, e.getMessage()));
      };
    }
  }

  private Token fetch(Instant deadline) throws DeliveryException {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("audience", "api.atlassian.com")
            .put("grant_type", "client_credentials")
            .put("client_id", site.clientId())
            .put("client_secret", site.secret().reveal())
            .toString();
    HttpRequest request =
        caller
            .http()
            .request(site.tokenEndpoint())
            .header("Content-Type", "application/json; charset=utf-8")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    Instant asked = caller.now();
    JsonNode answer =
        ask(
            request,
            deadline,
            "%s gave no token for client id '%s'; check the client id and secret"
                .formatted(site.tokenEndpoint().getAuthority(), site.clientId()));
    String token = answer.path("access_token").asString();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new DeliveryException(
          Kind.UNREACHABLE,
          site.tokenEndpoint().getAuthority() + " answered without a usable access token.");
    }
    Duration life = Duration.ofSeconds(Math.max(0, answer.path("expires_in").asLong(900)));
    Duration margin = life.compareTo(MARGIN.multipliedBy(2)) < 0 ? life.dividedBy(2) : MARGIN;
    Set<String> scopes = new TreeSet<>();
    for (String scope : answer.path("scope").asString().split(" ", -1)) {
      if (!scope.isBlank()) {
        scopes.add(scope);
      }
    }
    return new Token(Secret.of(token), scopes, asked.plus(life).minus(margin));
  }
}
