package dev.onbehalf.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class AdminRouterTest {
  private static final String TOKEN = "the-token-of-this-test";

  private final AdminRouter router =
      new AdminRouter(Secret.of(TOKEN))
          .on("GET", "/api/things", request -> JsonNodeFactory.instance.arrayNode())
          .on(
              "GET",
              "/api/things/{name}",
              request -> JsonNodeFactory.instance.objectNode().put("name", request.path("name")))
          .on(
              "POST",
              "/api/things",
              request -> {
                request.onlyFields(Set.of("name", "size"));
                return JsonNodeFactory.instance.objectNode().put("name", request.text("name"));
              })
          .on(
              "DELETE",
              "/api/things/{name}",
              request -> {
                throw AdminException.notFound("thing", request.path("name"));
              })
          .on(
              "PATCH",
              "/api/things/{name}",
              request -> {
                throw new IllegalStateException("the secret inside is hunter2");
              });

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /api/things         |                   | 200 | []
          GET    | /api/things/a%2Fb   |                   | 200 | {"name":"a/b"}
          GET    | /api/things/a+b     |                   | 200 | {"name":"a+b"}
          GET    | /api/nothing        |                   | 404 | nothing at this path
          GET    | /api/things/        |                   | 200 | {"name":""}
          PUT    | /api/things         |                   | 405 | GET, POST
          POST   | /api/things         | {"name":"x"}      | 200 | {"name":"x"}
          POST   | /api/things         | {}                | 400 | field 'name' is missing
          POST   | /api/things         | {"name":1}        | 400 | must be a text
          POST   | /api/things         | {"nmae":"x"}      | 400 | field 'nmae' is not known
          POST   | /api/things         | [1]               | 400 | must be a JSON object
          POST   | /api/things         | {"name            | 400 | is not JSON
          DELETE | /api/things/x       |                   | 404 | There is no thing 'x'.
          """)
  void handleWhenAuthorisedThenRouted(
      String method, String path, @Nullable String body, int status, String contains) {
    WebResponse response = router.handle(request(method, path, body, "Bearer " + TOKEN));

    assertThat(response.status()).isEqualTo(status);
    assertThat(text(response)).contains(contains);
  }

  @ParameterizedTest
  @CsvSource({"''", "Bearer", "Bearer the-token-of-this-tesT", "Basic dGhlOnRva2Vu", "bearer x"})
  void handleWhenTokenIsNotTheOneThen401(String authorization) {
    WebResponse response = router.handle(request("GET", "/api/things", null, authorization));

    assertThat(response.status()).isEqualTo(401);
  }

  @Test
  void handleWhenHandlerFailsThen500WithoutTheReason() {
    WebResponse response =
        router.handle(request("PATCH", "/api/things/x", null, "Bearer " + TOKEN));

    assertThat(response.status()).isEqualTo(500);
    assertThat(text(response)).contains("request-7").doesNotContain("hunter2");
  }

  private static String text(WebResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static WebRequest request(
      String method, String path, @Nullable String body, String authorization) {
    return new WebRequest(
        "request-7",
        null,
        PublicUrl.parse("http://127.0.0.1:1"),
        List.of(),
        method,
        path,
        null,
        Map.of("authorization", List.of(authorization)),
        body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8),
        "127.0.0.1");
  }
}
