package dev.onbehalf.server.link;

import dev.onbehalf.server.access.RequestAuthenticator;
import dev.onbehalf.server.access.SignedRequest;
import dev.onbehalf.server.access.Verdict;
import dev.onbehalf.server.config.PublicUrl;
import dev.onbehalf.server.web.WebHandler;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells peers who this server is, per application ({@code docs/peer-facts.md} 1.13), in all
 * versions of the path, to browsers of every origin, and to whoever signs only if the signature is
 * right.
 */
final class ManifestEndpoint {
  static final String PREFIX = "/rest/applinks/";
  private static final Pattern PATH =
      Pattern.compile(
          "/rest/applinks/(?:1\\.0|2\\.0|3\\.0|latest)/"
              + "(?:(manifest(?:\\.json|\\.xml)?)|(capabilities)(?:/([A-Za-z_]{1,60}))?"
              + "|status/([0-9a-fA-F-]{36})/oauth)");
  private static final String STATUS_API = "STATUS_API";
  private static final String AUTH = "com.atlassian.applinks.api.auth.types.";
  private static final List<String> TYPES =
      List.of(
          AUTH + Manifest.THREE_LEGGED,
          AUTH + Manifest.TWO_LEGGED,
          AUTH + Manifest.IMPERSONATING,
          "placeholder.to.ensure.backwards.compatibility");
  private static final String VERSION =
      Objects.requireNonNullElse(
          ManifestEndpoint.class.getPackage().getImplementationVersion(), "0.1.0");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Links links;
  private final PeerConsumers consumers;
  private final RequestAuthenticator authenticator;

  ManifestEndpoint(Links links, PeerConsumers consumers, RequestAuthenticator authenticator) {
    this.links = links;
    this.consumers = consumers;
    this.authenticator = authenticator;
  }

  /** Returns the id by which peers know the application at a public URL. */
  static UUID idOf(PublicUrl site) {
    return UUID.nameUUIDFromBytes(site.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Finds the handler of a raw path; empty where it belongs to the application. */
  Optional<WebHandler> find(String rawPath) {
    Matcher path = PATH.matcher(rawPath);
    if (!path.matches()) {
      return Optional.empty();
    }
    String manifest = path.group(1);
    String capability = path.group(3);
    String status = path.group(4);
    if (manifest != null) {
      return Optional.of(read(request -> manifest(request, manifest)));
    }
    if (status != null) {
      WebHandler reading = read(request -> status(status));
      return Optional.of(
          request -> {
            if (request.method().equals("PUT")) {
              throw RemoteAdministration.refusal();
            }
            return reading.handle(request);
          });
    }
    return Optional.of(read(request -> capabilities(capability)));
  }

  private WebHandler read(WebHandler handler) {
    return request ->
        switch (request.method()) {
          case "GET", "HEAD" -> open(refusal(request).orElseGet(() -> handler.handle(request)));
          case "OPTIONS" ->
              open(WebResponse.empty(204))
                  .with("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
                  .with(
                      "Access-Control-Allow-Headers",
                      "Accept, Content-Type, X-Atlassian-Token, X-Requested-With");
          default -> WebResponse.empty(405).with("Allow", "GET, HEAD, OPTIONS");
        };
  }

  private static WebResponse open(WebResponse response) {
    return response.with("Access-Control-Allow-Origin", "*");
  }

  private Optional<WebResponse> refusal(WebRequest request) {
    String application = request.application();
    if (application == null
        || !authenticator.mayBeSigned(
            request.headerValues("authorization"), request.rawQuery(), false)) {
      return Optional.empty();
    }
    Verdict verdict = authenticator.authenticate(SignedRequest.of(request, application));
    return verdict instanceof Verdict.Refused refused
        ? Optional.of(refused.response())
        : Optional.empty();
  }

  private static WebResponse manifest(WebRequest request, String name) {
    String site = request.publicUrl().toString();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", idOf(request.publicUrl()).toString());
    fields.put(
        "name", request.application() == null ? "Onbehalf" : "Onbehalf: " + request.application());
    fields.put("typeId", "generic");
    fields.put("version", VERSION);
    fields.put("buildNumber", 0L);
    fields.put("applinksVersion", "9.0.0");
    fields.put("inboundAuthenticationTypes", TYPES);
    fields.put("outboundAuthenticationTypes", TYPES);
    fields.put("publicSignup", false);
    fields.put("url", site);
    return wantsJson(request, name) ? json(200, fields) : xml(fields);
  }

  private static boolean wantsJson(WebRequest request, String name) {
    if (name.contains(".")) {
      return name.endsWith(".json");
    }
    String accept = String.join(",", request.headerValues("accept"));
    int json = accept.indexOf("application/json");
    int xml = accept.indexOf("xml");
    return json >= 0 && (xml < 0 || json < xml);
  }

  private static WebResponse xml(Map<String, Object> fields) {
    StringBuilder text =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n")
            .append("<manifest>\n");
    fields.forEach(
        (name, content) -> {
          List<?> all = content instanceof List<?> list ? list : List.of(content);
          all.forEach(item -> text.append(element(name, item.toString())));
        });
    return WebResponse.of(
        200, "application/xml;charset=UTF-8", text.append("</manifest>\n").toString());
  }

  private static String element(String name, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "  <" + name + ">" + escaped + "</" + name + ">\n";
  }

  private static WebResponse capabilities(@Nullable String name) {
    if (name == null) {
      return json(200, List.of(STATUS_API));
    }
    return name.equals(STATUS_API) ? json(200, STATUS_API) : WebResponse.empty(404);
  }

  private WebResponse status(String id) {
    Optional<Link> link =
        links.find(id).filter(found -> found.id().toString().equalsIgnoreCase(id));
    if (link.isEmpty()) {
      return WebResponse.empty(404);
    }
    String peer = link.get().peerConsumerKey();
    Link.Levels incoming =
        Optional.ofNullable(peer)
            .flatMap(consumers::levels)
            .orElse(new Link.Levels(false, false, false));
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("incoming", levels(incoming));
    status.put("outgoing", levels(link.get().levels()));
    return json(200, status);
  }

  private static Map<String, Boolean> levels(Link.Levels levels) {
    Map<String, Boolean> fields = new LinkedHashMap<>();
    fields.put("enabled", levels.threeLegged());
    fields.put("twoLoEnabled", levels.twoLegged());
    fields.put("twoLoImpersonationEnabled", levels.impersonation());
    return fields;
  }

  private static WebResponse json(int status, Object body) {
    return WebResponse.of(status, "application/json;charset=UTF-8", JSON.writeValueAsString(body));
  }
}
