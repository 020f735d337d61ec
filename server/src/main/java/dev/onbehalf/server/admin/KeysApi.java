package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.server.provider.InstanceKeys;
import dev.onbehalf.server.provider.InstanceKeys.InstanceKey;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/keys}: the instance's own consumer key and key pairs. */
final class KeysApi {
  private final InstanceKeys keys;

  KeysApi(InstanceKeys keys) {
    this.keys = keys;
  }

  void addTo(AdminRouter router) {
    router.on("GET", "/api/keys", request -> show());
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
          .put("created", key.created().toString());
    }
    return json;
  }
}
