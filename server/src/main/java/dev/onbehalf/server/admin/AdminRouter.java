package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.people.DirectoryException;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds the handler of an administrator's request and speaks JSON with it. */
final class AdminRouter implements WebHandler {
  private static final Logger LOG = LoggerFactory.getLogger(AdminRouter.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String BEARER = "Bearer ";

  /** Answers one kind of request; a null answer is 204. */
  @FunctionalInterface
  interface Handler {
    @Nullable JsonNode handle(AdminRequest request);
  }

  private record Route(String method, List<String> template, Handler handler) {}

  private record TextRoute(String path, Secret token, String type, Supplier<String> text) {}

  private final List<Route> routes = new ArrayList<>();
  private final List<TextRoute> texts = new ArrayList<>();
  private final Secret token;

  AdminRouter(Secret token) {
    this.token = token;
  }

  /** Adds a handler; a template segment in braces matches any one segment. */
  AdminRouter on(String method, String template, Handler handler) {
    routes.add(new Route(method, segments(template), handler));
    return this;
  }

  /**
   * Adds a text to be read, by the administrator or with a token of its own.
   *
   * @param type its media type
   */
  AdminRouter text(String path, Secret ownToken, String type, Supplier<String> text) {
    texts.add(new TextRoute(path, ownToken, type, text));
    return this;
  }

  @Override
  public WebResponse handle(WebRequest request) {
    try {
      for (TextRoute route : texts) {
        if (route.path().equals(request.path())) {
          return text(request, route);
        }
      }
      authorise(request, token);
      return dispatch(request);
    } catch (AdminException e) {
      return error(e.status(), e.getMessage());
    } catch (IllegalArgumentException e) {
      return error(400, e.getMessage());
    } catch (DirectoryException e) {
      return error(503, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Administrator request {} failed", request.id(), e);
      return error(
          500, "The server could not do it; its log says why, under request " + request.id() + ".");
    }
  }

  private WebResponse text(WebRequest request, TextRoute route) {
    authorise(request, token, route.token());
    return request.method().equals("GET")
        ? WebResponse.of(200, route.type(), route.text().get()).with("Cache-Control", "no-store")
        : error(405, "This path takes GET.").with("Allow", "GET");
  }

  private static void authorise(WebRequest request, Secret... tokens) {
    String presented =
        request
            .header("authorization")
            .filter(value -> value.startsWith(BEARER))
            .map(value -> value.substring(BEARER.length()))
            .orElse("");
    boolean known = false;
    for (Secret token : tokens) {
      known |= token.equals(Secret.of(presented));
    }
    if (!known) {
      throw new AdminException(
          401,
          "The administrator token is missing or not the one of this server's data directory.");
    }
  }

  private WebResponse dispatch(WebRequest request) {
    List<String> path = segments(request.path());
    Set<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Map<String, String> parameters = match(route.template(), path);
      if (parameters == null) {
        continue;
      }
      if (route.method().equals(request.method())) {
        JsonNode answer =
            route
                .handler()
                .handle(
                    new AdminRequest(
                        request.id(), parameters, query(request.rawQuery()), body(request)));
        return answer == null ? WebResponse.empty(204) : json(200, answer);
      }
      allowed.add(route.method());
    }
    if (allowed.isEmpty()) {
      return error(404, "There is nothing at this path.");
    }
    return error(405, "This path takes " + String.join(", ", allowed) + ".")
        .with("Allow", String.join(", ", allowed));
  }

  private static @Nullable Map<String, String> match(List<String> template, List<String> path) {
    if (template.size() != path.size()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String expected = template.get(i);
      if (expected.startsWith("{")) {
        parameters.put(expected.substring(1, expected.length() - 1), decode(path.get(i)));
      } else if (!expected.equals(path.get(i))) {
        return null;
      }
    }
    return parameters;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static Map<String, String> query(@Nullable String rawQuery) {
    Map<String, String> values = new HashMap<>();
    if (rawQuery == null) {
      return values;
    }
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static ObjectNode body(WebRequest request) {
    if (request.body().length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      if (JSON.readTree(request.body()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new AdminException(400, "The body is not JSON: " + e.getOriginalMessage());
    }
    throw new AdminException(400, "The body must be a JSON object.");
  }

  private static WebResponse error(int status, @Nullable String sentence) {
    return json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("error", sentence == null ? "Refused." : sentence));
  }

  private static WebResponse json(int status, JsonNode body) {
    return WebResponse.of(status, "application/json", JSON.writeValueAsString(body) + "\n");
  }
}
