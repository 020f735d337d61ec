package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to a router, with its token. */
final class AdminRequests {
  private static final Secret TOKEN = Secret.of("the-token-of-this-test");

  private final AdminRouter router = new AdminRouter(TOKEN);

  AdminRouter router() {
    return router;
  }

  JsonNode get(String path) {
    return json(send("GET", path, ""));
  }

  JsonNode post(String path, String body) {
    return json(send("POST", path, body));
  }

  WebResponse send(String method, String path, String body) {
    return router.handle(
        new WebRequest(
            "request-1",
            null,
            new PublicUrl("http", "127.0.0.1", 8481, ""),
            List.of(),
            method,
            path,
            null,
            Map.of("authorization", List.of("Bearer " + TOKEN.reveal())),
            body.getBytes(StandardCharsets.UTF_8),
            "127.0.0.1"));
  }

  private static JsonNode json(WebResponse response) {
    return JsonMapper.shared().readTree(response.body());
  }
}
