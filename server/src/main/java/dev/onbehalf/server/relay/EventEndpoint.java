package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.Report;
import dev.onbehalf.delivery.rules.CdEvents;
import dev.onbehalf.delivery.rules.CiEvent;
import dev.onbehalf.delivery.rules.EventRules;
import dev.onbehalf.delivery.rules.NotificationPlugin;
import dev.onbehalf.delivery.send.Sender;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes what CI servers announce, keeps the reports the rules make of it and has them sent. The
 * secret comes as a bearer token or, where a server can only be given a URL, as the parameter
 * {@code secret}.
 */
final class EventEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(EventEndpoint.class);

  private static final Set<String> KINDS = Set.of("/jenkins", "/cdevents");

  private final RelaySettings.Events events;
  private final Sender sender;
  private final Runnable flush;
  private final AuditTrail audit;
  private final InstantSource clock;

  EventEndpoint(
      RelaySettings.Events events,
      Sender sender,
      Runnable flush,
      AuditTrail audit,
      InstantSource clock) {
    this.events = events;
    this.sender = sender;
    this.flush = flush;
    this.audit = audit;
    this.clock = clock;
  }

  /** Answers a request; {@code path} is what follows the address of the events. */
  WebResponse handle(WebRequest request, String path) {
    if (!MessageDigest.isEqual(
        AgentTokens.digest(secretOf(request)), AgentTokens.digest(events.secret().reveal()))) {
      record(request, path, Outcome.REFUSED, "the secret of the events is another one");
      return Json.error(401, "The secret is missing or wrong.");
    }
    if (!request.method().equals("POST")) {
      return Json.error(405, "Use POST here.").with("Allow", "POST");
    }
    Optional<ObjectNode> json = Json.object(request);
    if (json.isEmpty()) {
      return Json.error(400, "The body is not a JSON object.");
    }
    try {
      return switch (path) {
        case "/jenkins" -> apply(request, NotificationPlugin.read(json.get(), clock.instant()));
        case "/cdevents" -> apply(request, CdEvents.read(json.get(), clock.instant()));
        default -> Json.error(404, "Events are taken at jenkins and cdevents.");
      };
    } catch (IllegalArgumentException e) {
      return Json.error(400, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      LOG.error("The delivery spool cannot be written: {}", e.getMessage());
      return Json.error(503, "The event cannot be kept now; try again.").with("Retry-After", "30");
    }
  }

  private WebResponse apply(WebRequest request, Optional<CiEvent> event) throws IOException {
    if (event.isEmpty()) {
      return taken(List.of(), List.of(), "This kind of event is not reported.");
    }
    EventRules.Applied applied = events.rules().apply(event.get());
    for (DataType type : List.of(DataType.BUILDS, DataType.DEPLOYMENTS)) {
      List<Report> reports =
          applied.reports().stream().filter(report -> report.type().equals(type)).toList();
      if (!reports.isEmpty()) {
        sender.keep(reports);
      }
    }
    List<String> reports = applied.reports().stream().map(Report::toString).toList();
    if (!reports.isEmpty()) {
      flush.run();
      record(request, "", Outcome.ALLOWED, String.join(", ", reports));
    }
    return taken(reports, applied.keys().keys(), applied.reason());
  }

  private static WebResponse taken(List<String> reports, List<String> keys, String reason) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("reports");
    reports.forEach(list::add);
    ArrayNode found = answer.putArray("issueKeys");
    keys.forEach(found::add);
    if (!reason.isEmpty()) {
      answer.put("reason", reason);
    }
    return Json.answer(202, (JsonNode) answer);
  }

  private static String secretOf(WebRequest request) {
    String authorization = request.header("Authorization").orElse("");
    if (authorization.startsWith("Bearer ")) {
      return authorization.substring("Bearer ".length());
    }
    String query = request.rawQuery() == null ? "" : request.rawQuery();
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith("secret=")) {
        try {
          return URLDecoder.decode(pair.substring("secret=".length()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
    }
    return "";
  }

  /** Leaves out the end of a wrong path: it may be a query whose question mark was encoded. */
  private void record(WebRequest request, String end, Outcome outcome, String detail) {
    String path = request.path();
    String recorded = KINDS.contains(end) ? path : path.substring(0, path.length() - end.length());
    audit.record(
        AuditEvent.builder(clock.instant(), request.id(), "delivery-event", outcome)
            .application(request.application())
            .request(request.method(), recorded)
            .problem(outcome == Outcome.ALLOWED ? null : "secret_rejected")
            .detail(detail)
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
