package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.provider.InstanceKeys;
import dev.onbehalf.server.provider.InstanceKeys.InstanceKey;
import dev.onbehalf.server.provider.ProviderAdministration;
import dev.onbehalf.server.provider.ProviderAdministration.Actor;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/keys}: the instance's own consumer key and key pairs. */
final class KeysApi {
  private final ProviderAdministration provider;
  private final InstanceKeys keys;

  KeysApi(ProviderAdministration provider, InstanceKeys keys) {
    this.provider = provider;
    this.keys = keys;
  }

  void addTo(AdminRouter router) {
    router.on("GET", "/api/keys", request -> show()).on("POST", "/api/keys/{step}", this::step);
  }

  private JsonNode step(AdminRequest request) {
    Actor actor = Administration.actor(request);
    switch (request.path("step")) {
      case "prepare" -> provider.prepareInstanceKey(actor);
      case "activate" -> provider.activateInstanceKey(actor);
      case "restore" -> provider.restoreInstanceKey(actor);
      case "retire" -> provider.retireInstanceKeys(actor);
      default -> throw AdminException.notFound("step", request.path("step"));
    }
    return show();
  }

  private JsonNode show() {
    InstanceKey current = keys.current();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("consumerKey", keys.consumerKey())
        .put("publicKey", current.base64())
        .put("pem", current.pem());
    ArrayNode all = json.putArray("keys");
    for (InstanceKey key : keys.all()) {
      all.addObject()
          .put("id", key.id())
          .put("role", key.role().name().toLowerCase(Locale.ROOT))
          .put("thumbprint", Keys.thumbprint(key.publicKey()))
          .put("publicKey", key.base64())
          .put("created", key.created().toString());
    }
    return json;
  }
}
