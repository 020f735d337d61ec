package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.send.DeliveryException;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks the wire format of Jira Cloud to agents and passes what they send on to one site, with
 * that site's credential: cloud id, token, bulk and gating status of {@code docs/peer-facts.md}
 * sections 2.1 to 2.5.
 */
final class AgentEndpoint {
  private static final int AT_ONCE = 8;

  private final String site;
  private final Sender sender;
  private final AgentTokens tokens;
  private final RelayMeters meters;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Semaphore room = new Semaphore(AT_ONCE);

  AgentEndpoint(
      String site,
      Sender sender,
      AgentTokens tokens,
      RelayMeters meters,
      AuditTrail audit,
      InstantSource clock) {
    this.site = site;
    this.sender = sender;
    this.tokens = tokens;
    this.meters = meters;
    this.audit = audit;
    this.clock = clock;
  }

  /** Answers a request; {@code path} is what follows the site's address. */
  WebResponse handle(WebRequest request, String path) {
    if (path.equals("/_edge/tenant_info")) {
      return request.method().equals("GET")
          ? Json.answer(200, Json.object().put("cloudId", site))
          : wrongMethod("GET");
    }
    if (path.equals("/oauth/token")) {
      return request.method().equals("POST") ? token(request) : wrongMethod("POST");
    }
    for (DataType type : DataType.all()) {
      String base = "/jira/" + type.cloudPath() + "/cloud/" + site + "/";
      if (path.startsWith(base)) {
        return permitted(request, type, path.substring(base.length()));
      }
    }
    return Json.error(404, "There is nothing at this address.");
  }

  private static WebResponse wrongMethod(String allowed) {
    return Json.error(405, "Use " + allowed + " here.").with("Allow", allowed);
  }

  private WebResponse token(WebRequest request) {
    Map<String, String> fields = credentials(request);
    String id = fields.getOrDefault("client_id", "");
    Optional<RelaySettings.Agent> agent =
        fields.getOrDefault("grant_type", "").equals("client_credentials")
            ? tokens.authenticate(id, fields.getOrDefault("client_secret", ""))
            : Optional.empty();
    if (agent.isEmpty()) {
      record(request, Outcome.REFUSED, null, "no agent has this id and secret");
      return Json.answer(
          401,
          Json.object().put("error", "access_denied").put("error_description", "Unauthorized"));
    }
    return Json.answer(
        200,
        Json.object()
            .put("access_token", tokens.issue(agent.get()))
            .put("expires_in", AgentTokens.LIFE.toSeconds())
            .put("token_type", "Bearer")
            .put(
                "scope",
                String.join(
                    " ", agent.get().types().stream().map(DataType::name).sorted().toList())));
  }

  private static Map<String, String> credentials(WebRequest request) {
    if (request.hasForm()) {
      Form form = Form.body(request);
      return Map.of(
          "grant_type", form.value("grant_type").orElse(""),
          "client_id", form.value("client_id").orElse(""),
          "client_secret", form.value("client_secret").orElse(""));
    }
    ObjectNode json = Json.object(request).orElseGet(Json::object);
    return Map.of(
        "grant_type", json.path("grant_type").asString(""),
        "client_id", json.path("client_id").asString(""),
        "client_secret", json.path("client_secret").asString(""));
  }

  private WebResponse permitted(WebRequest request, DataType type, String operation) {
    String authorization = request.header("Authorization").orElse("");
    Optional<RelaySettings.Agent> agent =
        authorization.startsWith("Bearer ")
            ? tokens.agentOf(authorization.substring("Bearer ".length()))
            : Optional.empty();
    if (agent.isEmpty()) {
      return Json.answer(401, Json.object().put("code", 401).put("message", "Unauthorized"));
    }
    if (!agent.get().sites().contains(site) || !agent.get().types().contains(type)) {
      record(request, Outcome.REFUSED, agent.get(), "not permitted for " + type.name());
      return Json.error(
          403,
          "This agent may not send " + type.name() + " to " + site + "; see the delivery file.");
    }
    if (!room.tryAcquire()) {
      return Json.error(503, "Too many reports at once; try again.").with("Retry-After", "2");
    }
    try {
      return operation.equals("bulk")
          ? bulk(request, agent.get(), type)
          : read(request, agent.get(), type, operation);
    } finally {
      room.release();
    }
  }

  private WebResponse bulk(WebRequest request, RelaySettings.Agent agent, DataType type) {
    if (!request.method().equals("POST")) {
      return wrongMethod("POST");
    }
    Optional<ObjectNode> body = Json.object(request);
    JsonNode reports = body.map(json -> json.path(type.collection())).orElseGet(Json::object);
    if (body.isEmpty() || !reports.isArray() || reports.isEmpty()) {
      return Json.error(400, "'" + type.collection() + "' is required");
    }
    String what = "%d %s to %s".formatted(reports.size(), type.collection(), site);
    try {
      JsonNode answer = sender.forward(type, body.get());
      meters.passed();
      record(request, Outcome.ALLOWED, agent, what);
      return Json.answer(202, answer);
    } catch (DeliveryException e) {
      return failed(request, agent, what, e);
    }
  }

  private WebResponse read(
      WebRequest request, RelaySettings.Agent agent, DataType type, String operation) {
    String[] steps = operation.split("/", -1);
    boolean gate =
        type.equals(DataType.DEPLOYMENTS)
            && steps.length == 7
            && steps[0].equals("pipelines")
            && steps[2].equals("environments")
            && steps[4].equals("deployments")
            && steps[5].matches("[0-9]{1,18}")
            && steps[6].equals("gating-status");
    if (!gate || !request.method().equals("GET")) {
      return Json.error(404, "Only bulk and gating-status are passed on.");
    }
    try {
      return Json.answer(
          200, sender.forwardGate(decoded(steps[1]), decoded(steps[3]), Long.parseLong(steps[5])));
    } catch (DeliveryException e) {
      return failed(request, agent, "a gating status of " + site, e);
    }
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }

  private WebResponse failed(
      WebRequest request, RelaySettings.Agent agent, String what, DeliveryException e) {
    String reason = String.valueOf(e.getMessage());
    meters.failed();
    record(request, Outcome.FAILED, agent, what + ": " + reason);
    return switch (e.kind()) {
      case UNREACHABLE -> Json.error(503, reason).with("Retry-After", "5");
      case MISCONFIGURED, UNAUTHORISED -> Json.error(502, reason);
      case NOT_FOUND -> Json.error(404, reason);
      case TOO_LARGE -> Json.error(413, reason);
      case REFUSED -> Json.error(400, reason);
    };
  }

  private void record(
      WebRequest request, Outcome outcome, RelaySettings.@Nullable Agent agent, String detail) {
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "delivery", outcome)
            .consumer(agent == null ? null : agent.id())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(
                outcome == Outcome.ALLOWED
                    ? null
                    : "delivery_" + outcome.name().toLowerCase(Locale.ROOT))
            .detail(detail)
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
