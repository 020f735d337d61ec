package dev.onbehalf.server.receive;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.receive.JdbiCredentialStore.Stored;
import dev.onbehalf.server.store.Sealer;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import io.github.bucket4j.ConsumptionProbe;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /oauth/token} with client credentials (RFC 6749 section 4.4), as JSON or form, the
 * client in the body or by HTTP Basic; {@code docs/peer-facts.md} 2.1. An unknown client, a wrong
 * secret and a credential that no longer counts look alike and cost the same.
 */
final class TokenEndpoint {
  private static final String GRANT = "client_credentials";
  private static final String AUDIENCE = "api.atlassian.com";
  private static final Set<String> FIELDS =
      Set.of("grant_type", "client_id", "client_secret", "audience");
  private static final int LONGEST_ID = 64;
  private static final Pattern ID = Pattern.compile("[ -~]{0,64}");
  private static final byte[] NO_FINGERPRINT = new byte[32];

  private final JdbiCredentialStore store;
  private final AccessTokens tokens;
  private final Sealer sealer;
  private final Turns turns;
  private final IntakeMeters meters;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final ClientFailures failures;

  TokenEndpoint(
      JdbiCredentialStore store,
      AccessTokens tokens,
      Sealer sealer,
      Turns turns,
      IntakeMeters meters,
      AuditTrail audit,
      InstantSource clock) {
    this.store = store;
    this.tokens = tokens;
    this.sealer = sealer;
    this.turns = turns;
    this.meters = meters;
    this.audit = audit;
    this.clock = clock;
    this.failures = new ClientFailures(clock);
  }

  private record Client(String id, String secret) {}

  private record Proved(Credential credential, String secretId) {}

  WebResponse handle(WebRequest request) {
    Map<String, String> fields;
    Client client;
    try {
      if (request.rawQuery() != null) {
        throw new Json.Malformed("The parameters belong in the body, not in the URL.");
      }
      fields = fields(request);
      client = client(request, fields);
    } catch (Json.Malformed e) {
      return error(400, "invalid_request", e.sentence());
    } catch (WebException e) {
      return error(400, "invalid_request", e.sentence());
    }
    String grant = fields.getOrDefault("grant_type", "");
    if (grant.isEmpty()) {
      return error(400, "invalid_request", "The parameter grant_type is missing.");
    }
    if (!grant.equals(GRANT)) {
      return error(400, "unsupported_grant_type", "The only grant type here is " + GRANT + ".");
    }
    String audience = fields.getOrDefault("audience", AUDIENCE);
    if (!audience.equals(AUDIENCE) && !audience.equals(request.publicUrl().toString())) {
      return error(403, "access_denied", "The audience is " + AUDIENCE + " or this server's URL.");
    }
    Optional<Proved> proved = prove(client);
    meters.token(proved.isPresent());
    if (proved.isEmpty()) {
      return refused(request, client);
    }
    Credential credential = proved.get().credential();
    noteUse(credential.id(), proved.get().secretId());
    record(request, Outcome.ALLOWED, credential, "By secret " + proved.get().secretId() + ".");
    return Json.answer(
        200,
        Json.object()
            .put("access_token", tokens.issue(credential.clientId(), proved.get().secretId()))
            .put("expires_in", AccessTokens.LIFE.toSeconds())
            .put("token_type", "Bearer")
            .put("scope", Scope.join(credential.scopes())));
  }

  /** Leaves it out where so many write for the credential that it would have to wait long. */
  private void noteUse(long credential, String secretId) {
    Optional<Turns.Place> entered = turns.enter(credential);
    if (entered.isPresent()) {
      try (Turns.Place turn = entered.get()) {
        turn.write(
            () -> {
              store.noteUse(credential, secretId, clock.instant());
              return true;
            });
      }
    }
  }

  /** A right secret is never refused for the failures of others at its address. */
  private WebResponse refused(WebRequest request, Client client) {
    ConsumptionProbe probe = failures.take(request.remoteAddress());
    if (!probe.isConsumed()) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1;
      return error(429, "access_denied", "Too many failures from this address; try again later.")
          .with("Retry-After", Long.toString(seconds));
    }
    record(
        request,
        Outcome.REFUSED,
        null,
        "No live credential has this client id and secret; it named '"
            + printable(client.id())
            + "'."
            + (probe.getRemainingTokens() == 0
                ? " Further failures of this address are not recorded for a while."
                : ""));
    return error(401, "access_denied", "Unauthorized");
  }

  private static Map<String, String> fields(WebRequest request) {
    Map<String, String> fields = new HashMap<>();
    if (request.hasForm()) {
      Form form = Form.body(request);
      FIELDS.forEach(name -> form.value(name).ifPresent(value -> fields.put(name, value)));
    } else {
      for (Map.Entry<String, JsonNode> field : Json.object(request.body()).properties()) {
        if (FIELDS.contains(field.getKey()) && !field.getValue().isNull()) {
          if (!field.getValue().isString()) {
            throw new Json.Malformed("The parameter " + field.getKey() + " must be a string.");
          }
          fields.put(field.getKey(), field.getValue().stringValue());
        }
      }
    }
    return fields;
  }

  /** RFC 6749 section 2.3.1: in the body or by HTTP Basic, not both. */
  private static Client client(WebRequest request, Map<String, String> fields) {
    List<String> authorization = request.headerValues("authorization");
    if (authorization.isEmpty()) {
      return new Client(
          fields.getOrDefault("client_id", ""), fields.getOrDefault("client_secret", ""));
    }
    String value = authorization.get(0);
    if (authorization.size() > 1
        || fields.containsKey("client_secret")
        || !value.regionMatches(true, 0, "Basic ", 0, 6)) {
      throw new Json.Malformed(
          "Send the client's secret once: in the body, or by HTTP Basic authentication.");
    }
    try {
      String pair =
          new String(
              Base64.getDecoder().decode(value.substring(6).strip()), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        String id = URLDecoder.decode(pair.substring(0, colon), StandardCharsets.UTF_8);
        if (!fields.getOrDefault("client_id", id).equals(id)) {
          throw new Json.Malformed("The body names another client than the header.");
        }
        return new Client(id, URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8));
      }
    } catch (IllegalArgumentException e) {
      throw new Json.Malformed("The Authorization header is not HTTP Basic authentication.");
    }
    throw new Json.Malformed("The Authorization header is not HTTP Basic authentication.");
  }

  private Optional<Proved> prove(Client client) {
    byte[] presented = CredentialAdministration.fingerprint(sealer, client.secret());
    String id = ID.matcher(client.id()).matches() ? client.id() : "";
    Stored stored = store.byPresentedId(id).orElse(null);
    int match = -1;
    for (int slot = 0; slot < JdbiCredentialStore.MOST_SECRETS; slot++) {
      boolean held = stored != null && slot < stored.fingerprints().size();
      byte[] expected = stored != null && held ? stored.fingerprints().get(slot) : NO_FINGERPRINT;
      if (MessageDigest.isEqual(expected, presented) && held) {
        match = slot;
      }
    }
    return stored != null && match >= 0 && stored.credential().lives(clock.instant())
        ? Optional.of(
            new Proved(stored.credential(), stored.credential().secrets().get(match).id()))
        : Optional.empty();
  }

  private static String printable(String text) {
    String safe = text.replaceAll("[^ -~]", "?");
    return safe.length() > LONGEST_ID ? safe.substring(0, LONGEST_ID) + "..." : safe;
  }

  private static WebResponse error(int status, String code, String description) {
    return Json.answer(
        status, Json.object().put("error", code).put("error_description", description));
  }

  private void record(
      WebRequest request, Outcome outcome, @Nullable Credential credential, String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "receive-token", outcome)
            .consumer(credential == null ? null : credential.clientId())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(outcome == Outcome.ALLOWED ? null : "access_denied")
            .detail(detail)
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
