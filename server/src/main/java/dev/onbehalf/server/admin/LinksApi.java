package dev.onbehalf.server.admin;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.onbehalf.applinks.application.ApplicationType;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.server.link.Link;
import dev.onbehalf.server.link.LinkAdministration;
import dev.onbehalf.server.link.LinkBuilder;
import dev.onbehalf.server.link.LinkGuide;
import dev.onbehalf.server.link.LinkReport;
import dev.onbehalf.server.link.Links;
import dev.onbehalf.server.provider.ProviderAdministration;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
          "privateAddresses",
          "browserSessions");

  private final Links links;
  private final LinkAdministration administration;
  private final LinkAdding adding;
  private final LinkResetting resetting;

  LinksApi(Links links, ProviderAdministration provider) {
    this.links = links;
    this.administration = links.administration();
    this.adding = new LinkAdding(links, provider);
    this.resetting = new LinkResetting(links, provider);
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/links", request -> list())
        .on("POST", "/api/links", this::add)
        .on("GET", "/api/links/{link}", request -> json(existing(request)))
        .on("PATCH", "/api/links/{link}", this::edit)
        .on("DELETE", "/api/links/{link}", this::remove)
        .on("POST", "/api/links/{link}/reset", this::reset)
        .on("POST", "/api/links/{link}/test", this::test)
        .on("GET", "/api/links/{link}/guide", request -> guide(existing(request)));
  }

  private JsonNode list() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    links.all().forEach(link -> all.add(json(link)));
    return all;
  }

  private JsonNode add(AdminRequest request) {
    Set<String> fields = new TreeSet<>(FIELDS);
    fields.add("discover");
    fields.add("bothWays");
    request.onlyFields(fields);
    LinkAdding.Added added = adding.add(request, url(request.text("url")));
    ObjectNode json = json(added.link());
    if (added.consumer() == null) {
      json.set("fields", guide(added.link()));
    } else {
      json.put("consumer", added.consumer());
    }
    return json;
  }

  private JsonNode test(AdminRequest request) {
    request.onlyFields(Set.of("person"));
    Link link = existing(request);
    String person = request.optionalText("person").filter(name -> !name.isBlank()).orElse(null);
    LinkReport report = links.test(link, person);
    administration.tested(actor(request), link, person, report);
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("link", link.name())
            .put("working", report.working());
    ArrayNode findings = json.putArray("findings");
    report
        .findings()
        .forEach(
            finding ->
                findings
                    .addObject()
                    .put("check", finding.check())
                    .put("outcome", finding.outcome().name().toLowerCase(Locale.ROOT))
                    .put("type", finding.type())
                    .put("category", finding.category())
                    .put("sentence", finding.sentence()));
    json.set("fields", fields(report.fields()));
    return json;
  }

  private ArrayNode guide(Link link) {
    return fields(links.guide(link));
  }

  private static ArrayNode fields(List<LinkGuide.Field> fields) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    fields.forEach(
        field -> json.addObject().put("label", field.label()).put("content", field.content()));
    return json;
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
    LinkResetting.Result result = resetting.reset(request, existing(request));
    return JsonNodeFactory.instance
        .objectNode()
        .put("forgotten", result.forgotten())
        .put("peer", result.peer());
  }

  private Link existing(AdminRequest request) {
    String link = request.path("link");
    return links.find(link).orElseThrow(() -> AdminException.notFound("link", link));
  }

  private ObjectNode json(Link link) {
    return LinkJson.of(link, administration.authorised(link));
  }

  @CanIgnoreReturnValue
  static LinkBuilder fill(LinkBuilder builder, AdminRequest request, @Nullable Link before) {
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
    if (request.has("browserSessions")) {
      builder.browserSessions(request.flag("browserSessions", false));
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

  static LinkAdministration.Actor actor(AdminRequest request) {
    return new LinkAdministration.Actor(Administration.ACTOR, request.id(), null);
  }
}
