package dev.onbehalf.server.receive;

import static dev.onbehalf.server.receive.ReceivingServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Queries at a running server: who may ask, and in what form the answer comes. */
final class QueryEndpointTest {
  @TempDir Path data;

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Test
  void queryWhenAskedThroughTheAdministratorThenRowsErrorsAndCompletions() throws Exception {
    try (ReceivingServer server = new ReceivingServer(data, Clock.systemUTC())) {
      String token = server.token(server.credential("ci", "builds", "deployments"));
      json(
          server.send(
              "POST",
              server.path("builds", "bulk"),
              token,
              ReceivingServer.build("=cmd|' /C calc'!A0", 7, 1, "failed", "ABC-1", "XYZ-9")),
          202);

      JsonNode found =
          json(server.admin("GET", "/api/query?q=" + encoded("state = failed"), null), 200);
      assertThat(found.path("rows")).hasSize(1);
      JsonNode row = found.path("rows").get(0);
      assertThat(row.path("kind").asString()).isEqualTo("build");
      assertThat(row.path("number").asLong()).isEqualTo(7);
      assertThat(row.path("issues")).hasSize(1);
      assertThat(found.path("complete").asBoolean()).isTrue();
      assertThat(
              json(server.admin("GET", "/api/query?show=issues&q=", null), 200)
                  .path("rows")
                  .get(0)
                  .path("issue")
                  .asString())
          .isEqualTo("ABC-1");

      assertThat(json(server.admin("GET", "/api/query?q=stat", null), 400).path("error").asString())
          .startsWith("At character 1: 'stat' is not a field");
      assertThat(server.admin("GET", "/api/query?limit=5000&q=", null).statusCode()).isEqualTo(400);
      assertThat(
              json(server.admin("GET", "/api/query/completions?q=sta", null), 200)
                  .get(0)
                  .path("word")
                  .asString())
          .isEqualTo("state");
    }
  }

  @Test
  void queryWhenNobodyIsSignedInThenRefusedAndThePageAsksToSignIn() throws Exception {
    try (ReceivingServer server = new ReceivingServer(data, Clock.systemUTC())) {
      for (String path : new String[] {"/-/onbehalf/query", "/-/onbehalf/query/completions"}) {
        HttpResponse<String> refused = server.get(path + "?q=", null);
        assertThat(json(refused, 401).path("error").asString()).contains("Sign in first");
      }
      assertThat(server.get("/query?q=", null).statusCode()).isEqualTo(303);
    }
  }
}
