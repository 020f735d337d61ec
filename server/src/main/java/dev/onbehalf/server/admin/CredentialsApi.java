package dev.onbehalf.server.admin;

import dev.onbehalf.server.receive.Credential;
import dev.onbehalf.server.receive.CredentialAdministration;
import dev.onbehalf.server.receive.CredentialAdministration.Actor;
import dev.onbehalf.server.receive.CredentialAdministration.Issued;
import dev.onbehalf.server.receive.Scope;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/credentials}: who may send builds and deployments to the receiving side. */
final class CredentialsApi {
  private static final Set<String> FIELDS =
      Set.of("name", "scopes", "projects", "expires", "enabled");

  private final CredentialAdministration credentials;

  CredentialsApi(CredentialAdministration credentials) {
    this.credentials = credentials;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/credentials", request -> list())
        .on("POST", "/api/credentials", this::create)
        .on("GET", "/api/credentials/{name}", request -> json(existing(request)))
        .on("PATCH", "/api/credentials/{name}", this::edit)
        .on("POST", "/api/credentials/{name}/rotate", this::rotate)
        .on("POST", "/api/credentials/{name}/retire", this::retire)
        .on("DELETE", "/api/credentials/{name}", this::delete);
  }

  private JsonNode list() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    credentials.all().forEach(credential -> all.add(json(credential)));
    return all;
  }

  private JsonNode create(AdminRequest request) {
    request.onlyFields(FIELDS);
    return issued(
        credentials.create(
            actor(request),
            request.text("name"),
            Scope.parse(request.texts("scopes")),
            Set.copyOf(request.texts("projects")),
            expires(request, null)));
  }

  private JsonNode edit(AdminRequest request) {
    request.onlyFields(FIELDS);
    return json(
        credentials.edit(
            actor(request),
            existing(request),
            before ->
                before
                    .with(
                        request.optionalText("name").orElse(before.name()),
                        request.has("scopes")
                            ? Scope.parse(request.texts("scopes"))
                            : before.scopes(),
                        request.has("projects")
                            ? Set.copyOf(request.texts("projects"))
                            : before.projects(),
                        expires(request, before.expires()))
                    .withEnabled(request.flag("enabled", before.enabled()))));
  }

  private JsonNode rotate(AdminRequest request) {
    request.onlyFields(Set.of());
    return issued(credentials.rotate(actor(request), existing(request)));
  }

  private JsonNode retire(AdminRequest request) {
    request.onlyFields(Set.of("secret"));
    return json(
        credentials.retire(
            actor(request), existing(request), request.optionalText("secret").orElse(null)));
  }

  /** What it sent goes with it where {@code data=delete}, and stays where {@code data=keep}. */
  private @Nullable JsonNode delete(AdminRequest request) {
    String data = request.queryValue("data").orElse("");
    if (!data.equals("keep") && !data.equals("delete")) {
      throw AdminException.badRequest(
          "Say what becomes of the data it sent: data=keep or data=delete.");
    }
    credentials.delete(actor(request), existing(request), data.equals("delete"));
    return null;
  }

  private Credential existing(AdminRequest request) {
    String name = request.path("name");
    return credentials.find(name).orElseThrow(() -> AdminException.notFound("credential", name));
  }

  private static Actor actor(AdminRequest request) {
    return new Actor(Administration.ACTOR, request.id());
  }

  /** An empty text stands for never. */
  private static @Nullable Instant expires(AdminRequest request, @Nullable Instant byDefault) {
    String text = request.optionalText("expires").orElse(null);
    if (text == null) {
      return byDefault;
    }
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw AdminException.badRequest(
          "'expires' must be a time such as 2027-01-31T09:00:00Z, or empty for never.");
    }
  }

  private static JsonNode issued(Issued issued) {
    return json(issued.credential()).put("secret", issued.secret().reveal());
  }

  private static ObjectNode json(Credential credential) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", credential.name())
        .put("clientId", credential.clientId())
        .put("enabled", credential.enabled());
    ConsumerJson.texts(
        json, "scopes", new TreeSet<>(credential.scopes()).stream().map(Scope::toString).toList());
    ConsumerJson.texts(json, "projects", new TreeSet<>(credential.projects()));
    json.put("expires", text(credential.expires()))
        .put("created", text(credential.created()))
        .put("lastUsed", text(credential.lastUsed()));
    ArrayNode secrets = json.putArray("secrets");
    credential
        .secrets()
        .forEach(
            secret ->
                secrets
                    .addObject()
                    .put("id", secret.id())
                    .put("created", text(secret.created()))
                    .put("lastUsed", text(secret.lastUsed())));
    return json;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
