package dev.onbehalf.server.admin;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.LinkAdministration;
import dev.onbehalf.server.link.LinkBuilder;
import dev.onbehalf.server.link.Links;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code /api/links}. */
final class LinksApi {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "type",
          "url",
          "displayUrl",
          "consumerKey",
          "signatureMethod",
          "sharedSecret",
          "threeLegged",
          "twoLegged",
          "impersonation",
          "requestTokenUrl",
          "authorizeUrl",
          "accessTokenUrl",
          "callbackConfirmed",
          "privateAddresses");

  private final Links links;
  private final LinkAdministration administration;

  LinksApi(Links links) {
    this.links = links;
    this.administration = links.administration();
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/links", request -> list())
        .on("POST", "/api/links", this::add)
        .on("GET", "/api/links/{link}", request -> json(existing(request)))
        .on("PATCH", "/api/links/{link}", this::edit)
        .on("DELETE", "/api/links/{link}", this::remove)
        .on("POST", "/api/links/{link}/reset", this::reset);
  }

  private JsonNode list() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    links.all().forEach(link -> all.add(json(link)));
    return all;
  }

  private JsonNode add(AdminRequest request) {
    request.onlyFields(FIELDS);
    URI url = url(request.text("url"));
    String name = request.optionalText("name").orElse(String.valueOf(url.getHost()));
    LinkBuilder builder = administration.newLink(name, url);
    return json(administration.add(actor(request), fill(builder, request, null).build()));
  }

  private JsonNode edit(AdminRequest request) {
    request.onlyFields(FIELDS);
    Link before = existing(request);
    return json(
        administration.edit(
            actor(request), before.id(), builder -> fill(builder, request, before)));
  }

  private @Nullable JsonNode remove(AdminRequest request) {
    Link link = existing(request);
    if (!administration.remove(actor(request), link.id())) {
      throw AdminException.notFound("link", link.name());
    }
    return null;
  }

  private JsonNode reset(AdminRequest request) {
    request.onlyFields(Set.of());
    return JsonNodeFactory.instance
        .objectNode()
        .put("forgotten", administration.reset(actor(request), existing(request)));
  }

  private Link existing(AdminRequest request) {
    String link = request.path("link");
    return links.find(link).orElseThrow(() -> AdminException.notFound("link", link));
  }

  private JsonNode json(Link link) {
    return LinkJson.of(link, administration.authorised(link));
  }

  @CanIgnoreReturnValue
  private static LinkBuilder fill(
      LinkBuilder builder, AdminRequest request, @Nullable Link before) {
    request.optionalText("name").ifPresent(builder::name);
    request.optionalText("type").map(ApplicationType::of).ifPresent(builder::type);
    if (before != null) {
      request.optionalText("url").map(LinksApi::url).ifPresent(builder::rpcUrl);
    }
    request.optionalText("displayUrl").map(LinksApi::url).ifPresent(builder::displayUrl);
    request.optionalText("consumerKey").ifPresent(builder::consumerKey);
    request
        .optionalText("signatureMethod")
        .map(LinksApi::method)
        .ifPresent(builder::signatureMethod);
    request.optionalText("sharedSecret").map(Secret::of).ifPresent(builder::secret);
    Link.Levels levels = before == null ? Link.Levels.DEFAULT : before.levels();
    builder.levels(
        new Link.Levels(
            request.flag("threeLegged", levels.threeLegged()),
            request.flag("twoLegged", levels.twoLegged()),
            request.flag("impersonation", levels.impersonation())));
    endpoints(builder, request, before);
    if (request.has("callbackConfirmed")) {
      builder.callbackConfirmed(request.flag("callbackConfirmed", true));
    }
    if (request.has("privateAddresses")) {
      builder.privateAddresses(request.flag("privateAddresses", false));
    }
    return builder;
  }

  private static void endpoints(LinkBuilder builder, AdminRequest request, @Nullable Link before) {
    List<String> fields = List.of("requestTokenUrl", "authorizeUrl", "accessTokenUrl");
    if (fields.stream().noneMatch(request::has)) {
      return;
    }
    Link.Endpoints old = before == null ? null : before.endpoints();
    Link.Endpoints given =
        new Link.Endpoints(
            request.optionalText("requestTokenUrl").orElse(old == null ? "" : old.requestToken()),
            request.optionalText("authorizeUrl").orElse(old == null ? "" : old.authorize()),
            request.optionalText("accessTokenUrl").orElse(old == null ? "" : old.accessToken()));
    List<String> texts = List.of(given.requestToken(), given.authorize(), given.accessToken());
    if (texts.stream().allMatch(String::isEmpty)) {
      builder.endpoints(null);
    } else if (texts.stream().anyMatch(String::isEmpty)) {
      throw AdminException.badRequest(
          "The three endpoints belong together: give requestTokenUrl, authorizeUrl and"
              + " accessTokenUrl, or none of them for those of Atlassian products.");
    } else {
      builder.endpoints(given);
    }
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw AdminException.badRequest("'" + text + "' is not a URL: " + e.getReason() + ".");
    }
  }

  private static SignatureMethod method(String name) {
    SignatureMethod method = SignatureMethod.named(name);
    if (method == null) {
      throw AdminException.badRequest(
          "There is no signature method '"
              + name
              + "'; take RSA-SHA1 for Atlassian products and other Onbehalfs, HMAC-SHA1 for"
              + " generic providers, or RSA-SHA256 or HMAC-SHA256.");
    }
    return method;
  }

  private static LinkAdministration.Actor actor(AdminRequest request) {
    return new LinkAdministration.Actor(Administration.ACTOR, request.id(), null);
  }
}
