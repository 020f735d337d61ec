package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.send.DeliveryException.Kind;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jira's provider APIs with a token of the site's OAuth credential. */
final class CloudChannel implements Channel {
  private final Site site;
  private final Caller caller;
  private final Tokens tokens;

  CloudChannel(Site site, Caller caller) {
    this.site = site;
    this.caller = caller;
    this.tokens = new Tokens(site, caller);
  }

  @Override
  public int maxPerRequest(DataType type) {
    return type.maxPerRequest();
  }

  @Override
  public JsonNode post(DataType type, ObjectNode body, Instant deadline) throws DeliveryException {
    String json = body.toString();
    return call(
        base(type, deadline) + "/bulk",
        request ->
            request
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(json)),
        deadline);
  }

  @Override
  public JsonNode gate(String pipelineId, String environmentId, long deployment, Instant deadline)
      throws DeliveryException {
    return call(
        base(DataType.DEPLOYMENTS, deadline)
            + "/pipelines/"
            + segment(pipelineId)
            + "/environments/"
            + segment(environmentId)
            + "/deployments/"
            + deployment
            + "/gating-status",
        HttpRequest.Builder::GET,
        deadline);
  }

  @Override
  public List<SiteCheck> check(Instant deadline) {
    List<SiteCheck> checks = new ArrayList<>();
    try {
      checks.add(new SiteCheck("site", true, "cloud id " + tokens.cloudId(deadline)));
      Tokens.Token token = tokens.token(deadline);
      String scopes =
          token.scopes().isEmpty()
              ? "the site names no scopes"
              : "scopes " + String.join(" ", token.scopes());
      checks.add(new SiteCheck("credential", true, scopes));
    } catch (DeliveryException e) {
      checks.add(new SiteCheck(checks.isEmpty() ? "site" : "credential", false, text(e)));
      return checks;
    }
    checks.add(permission(DataType.BUILDS, "/pipelines/onbehalf-test/builds/0", deadline));
    checks.add(
        permission(
            DataType.DEPLOYMENTS,
            "/pipelines/onbehalf-test/environments/onbehalf-test/deployments/0",
            deadline));
    checks.add(SiteCheck.clock(caller.skew()));
    return checks;
  }

  /** Reads an entity that does not exist: who may not read is told so, who may gets a 404. */
  private SiteCheck permission(DataType type, String path, Instant deadline) {
    try {
      call(base(type, deadline) + path, HttpRequest.Builder::GET, deadline);
    } catch (DeliveryException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        return new SiteCheck(type.name(), false, text(e));
      }
    }
    return new SiteCheck(type.name(), true, "permitted");
  }

  private static String text(DeliveryException e) {
    String message = e.getMessage();
    return message == null ? e.kind().name() : message;
  }

  private String base(DataType type, Instant deadline) throws DeliveryException {
    return "/jira/" + type.cloudPath() + "/cloud/" + segment(tokens.cloudId(deadline));
  }

  private JsonNode call(String path, UnaryOperator<HttpRequest.Builder> method, Instant deadline)
      throws DeliveryException {
    Tokens.Token token = tokens.token(deadline);
    try {
      return callWith(token, path, method, deadline);
    } catch (DeliveryException e) {
      if (e.kind() != Kind.UNAUTHORISED) {
        throw e;
      }
      tokens.forget(token);
    }
    try {
      return callWith(tokens.token(deadline), path, method, deadline);
    } catch (DeliveryException e) {
      if (e.kind() != Kind.UNAUTHORISED) {
        throw e;
      }
      throw new DeliveryException(
          Kind.MISCONFIGURED,
          "%s refused a token it had just given; check that the credential belongs to this site."
              .formatted(site.name()));
    }
  }

  private JsonNode callWith(
      Tokens.Token token, String path, UnaryOperator<HttpRequest.Builder> method, Instant deadline)
      throws DeliveryException {
    HttpRequest.Builder request =
        caller
            .http()
            .request(site.api(path))
            .header("Authorization", "Bearer " + token.value().reveal())
            .header("Accept", "application/json");
    return caller.call(method.apply(request).build(), deadline);
  }

  private static String segment(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
