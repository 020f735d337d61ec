package dev.onbehalf.server.link;

import dev.onbehalf.applinks.LinkError;
import dev.onbehalf.applinks.PeerReader;
import dev.onbehalf.applinks.ResponseException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what peers publish of themselves ({@code docs/peer-facts.md} 1.12 and 1.13). */
final class PeerDocuments {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int LONGEST_FIELD = 2000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PeerReader reader;

  PeerDocuments(PeerReader reader) {
    this.reader = reader;
  }

  /**
   * Who a peer is as a consumer.
   *
   * @param key its consumer key
   * @param name its name
   * @param publicKey its public key as it published it
   */
  record ConsumerInfo(String key, String name, String publicKey) {}

  /** What a peer has switched on for us. */
  record PeerLevels(Link.Levels incoming, Link.Levels outgoing) {}

  /**
   * Reads a peer's manifest.
   *
   * @return empty where the peer has none, as plain OAuth providers have not
   * @throws ResponseException if it cannot be reached, has moved or answers something else
   */
  Optional<Manifest> manifest(String link, URI base) throws ResponseException {
    PeerReader.Document answer =
        get(link, base, "/rest/applinks/3.0/manifest", "application/xml, application/json;q=0.9");
    if (answer == null) {
      return Optional.empty();
    }
    String type = answer.contentType().toLowerCase(Locale.ROOT);
    if (type.startsWith("text/html") || type.startsWith("application/xhtml")) {
      throw html(link);
    }
    return Optional.of(
        type.contains("json") ? ofJson(link, answer.body()) : ofXml(link, answer.body()));
  }

  /**
   * Reads a peer's own consumer key and public key.
   *
   * @return empty where it publishes none
   * @throws ResponseException if it cannot be reached or answers something else
   */
  Optional<ConsumerInfo> consumerInfo(String link, URI base) throws ResponseException {
    PeerReader.Document answer =
        get(link, base, "/plugins/servlet/oauth/consumer-info", "application/xml");
    if (answer == null || answer.contentType().toLowerCase(Locale.ROOT).startsWith("text/html")) {
      return Optional.empty();
    }
    PeerXml xml = PeerXml.parse(link, answer.body());
    return Optional.of(
        new ConsumerInfo(
            required(link, "consumer key", xml.first("key")),
            required(link, "name", xml.first("name")),
            required(link, "public key", xml.first("publicKey"))));
  }

  /**
   * Reads what a peer has switched on for a link of ours.
   *
   * @param ourId the application id by which the peer knows us
   * @return empty where it has no link to us, or does not tell
   * @throws ResponseException if it cannot be reached or answers something else
   */
  Optional<PeerLevels> levels(String link, URI base, UUID ourId) throws ResponseException {
    PeerReader.Document answer =
        get(link, base, "/rest/applinks/3.0/status/" + ourId + "/oauth", "application/json");
    if (answer == null) {
      return Optional.empty();
    }
    JsonNode json = json(link, answer.body());
    return Optional.of(
        new PeerLevels(levels(json.path("incoming")), levels(json.path("outgoing"))));
  }

  private static Link.Levels levels(JsonNode node) {
    return new Link.Levels(
        node.path("enabled").asBoolean(false),
        node.path("twoLoEnabled").asBoolean(false),
        node.path("twoLoImpersonationEnabled").asBoolean(false));
  }

  private PeerReader.@Nullable Document get(String link, URI base, String path, String accept)
      throws ResponseException {
    PeerReader.Document answer = reader.get(link, URI.create(base + path), accept, MOST_BYTES);
    int status = answer.status();
    if (status >= 300 && status < 400) {
      throw new ResponseException(LinkError.REDIRECTED, redirected(link, answer, path), null);
    }
    if (status == 404 || status == 401 || status == 403 || status == 410) {
      return null;
    }
    if (status != 200) {
      throw new ResponseException(
          LinkError.UNEXPECTED_RESPONSE_STATUS,
          "The peer of the link '"
              + link
              + "' answered with status "
              + status
              + " where it says who it is. Look at its log, and at what stands before it.",
          null);
    }
    return answer;
  }

  private static String redirected(String link, PeerReader.Document answer, String path) {
    String location = answer.location();
    String moved = "";
    if (location != null
        && location.endsWith(path)
        && location.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      moved = " It is now at " + location.substring(0, location.length() - path.length()) + ".";
    }
    return "The peer of the link '"
        + link
        + "' redirects, and credentials do not follow."
        + moved
        + " Correct the link's URL: onbehalf link edit NAME --url URL.";
  }

  private static ResponseException html(String link) {
    return new ResponseException(
        LinkError.UNEXPECTED_RESPONSE,
        "The peer of the link '"
            + link
            + "' answered with a page for people; a proxy or sign-in page may stand before it."
            + " Let /rest/applinks and /plugins/servlet pass there, or correct the link's URL.",
        null);
  }

  private static Manifest ofXml(String link, byte[] body) throws ResponseException {
    PeerXml xml = PeerXml.parse(link, body);
    if (xml.rootName().equalsIgnoreCase("html")) {
      throw html(link);
    }
    return manifest(link, xml::first, xml.all("inboundAuthenticationTypes"));
  }

  private static Manifest ofJson(String link, byte[] body) throws ResponseException {
    JsonNode json = json(link, body);
    List<String> inbound = new ArrayList<>();
    json.path("inboundAuthenticationTypes").forEach(type -> inbound.add(type.asString("")));
    return manifest(
        link,
        name ->
            Optional.of(json.path(name))
                .filter(node -> !node.isMissingNode() && !node.isNull())
                .map(node -> node.asString(""))
                .filter(text -> !text.isBlank()),
        inbound);
  }

  private static Manifest manifest(
      String link, Function<String, Optional<String>> fields, List<String> inbound)
      throws ResponseException {
    return new Manifest(
        required(link, "id", fields.apply("id")),
        required(link, "name", fields.apply("name")),
        required(link, "typeId", fields.apply("typeId")),
        fields.apply("version").orElse(null),
        fields.apply("applinksVersion").orElse(null),
        url(link, required(link, "url", fields.apply("url"))),
        inbound.stream()
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .collect(Collectors.toSet()));
  }

  private static URI url(String link, String text) throws ResponseException {
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (url.getHost() != null
          && url.getRawUserInfo() == null
          && Set.of("http", "https").contains(scheme)) {
        return url;
      }
    } catch (URISyntaxException e) {
      throw incomplete(link, "a valid url");
    }
    throw incomplete(link, "a valid url");
  }

  private static JsonNode json(String link, byte[] body) throws ResponseException {
    try {
      return JSON.readTree(new String(body, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new ResponseException(
          LinkError.UNEXPECTED_RESPONSE,
          "The peer of the link '"
              + link
              + "' sent JSON that cannot be read. Check the link's URL, and what stands before the"
              + " peer.",
          e);
    }
  }

  private static String required(String link, String what, Optional<String> value)
      throws ResponseException {
    if (value.isEmpty() || value.get().length() > LONGEST_FIELD) {
      throw incomplete(link, what);
    }
    return value.get();
  }

  private static ResponseException incomplete(String link, String what) {
    return new ResponseException(
        LinkError.UNEXPECTED_RESPONSE,
        "The peer of the link '"
            + link
            + "' does not say "
            + what
            + " where it says who it is. Check the link's URL, and what stands before the peer.",
        null);
  }
}
