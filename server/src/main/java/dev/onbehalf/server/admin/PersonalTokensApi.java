package dev.onbehalf.server.admin;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.outgoing.PersonalTokens;
import dev.onbehalf.server.outgoing.PersonalTokens.Made;
import dev.onbehalf.server.outgoing.PersonalTokens.PersonalToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/personal-tokens}: by which people's own scripts act through links. */
final class PersonalTokensApi {
  private final PersonalTokens tokens;
  private final AuditTrail audit;
  private final InstantSource clock;

  PersonalTokensApi(PersonalTokens tokens, AuditTrail audit, InstantSource clock) {
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/personal-tokens", this::list)
        .on("POST", "/api/personal-tokens", this::make)
        .on("DELETE", "/api/personal-tokens/{id}", this::revoke);
  }

  private JsonNode list(AdminRequest request) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    tokens.all(request.queryValue("person").orElse(null)).forEach(token -> all.add(json(token)));
    return all;
  }

  private JsonNode make(AdminRequest request) {
    request.onlyFields(Set.of("person", "name", "seconds"));
    long seconds = request.body().path("seconds").asLong(0);
    Made made =
        tokens.make(request.text("person"), request.text("name"), Duration.ofSeconds(seconds));
    record(request, "personal-token-add", made.token());
    return json(made.token()).put("value", made.value().reveal());
  }

  private @Nullable JsonNode revoke(AdminRequest request) {
    PersonalToken token =
        tokens
            .revoke(request.path("id"))
            .orElseThrow(() -> AdminException.notFound("personal token", request.path("id")));
    record(request, "personal-token-revoke", token);
    return null;
  }

  private static ObjectNode json(PersonalToken token) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", token.id())
        .put("person", token.person())
        .put("name", token.name())
        .put("created", token.created().toString())
        .put("expires", token.expires().toString());
  }

  private void record(AdminRequest request, String action, PersonalToken token) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), action, Outcome.ALLOWED)
            .person(Administration.ACTOR)
            .actedAs(token.person())
            .detail("The personal token '" + token.name() + "', " + token.id() + ".")
            .build());
  }
}
