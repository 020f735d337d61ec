package dev.onbehalf.server.receive;

import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.audit.AuditEvent.Outcome;
import dev.onbehalf.server.audit.AuditTrail;
import dev.onbehalf.server.receive.Scope.Action;
import dev.onbehalf.server.web.Form;
import dev.onbehalf.server.web.WebException;
import dev.onbehalf.server.web.WebRequest;
import dev.onbehalf.server.web.WebResponse;
import io.github.bucket4j.ConsumptionProbe;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation on every kind of data below {@code /jira/}; {@code spec/jira-cicd.md} sections
 * 2.4 to 2.9. What a credential did not send itself does not exist for it.
 */
final class DataEndpoint {
  private static final int MOST_PROPERTIES = 5;
  private static final int LONGEST_DETAIL = 1_900;

  private final String cloudId;
  private final AccessTokens tokens;
  private final JdbiCredentialStore credentials;
  private final JdbiEntityStore store;
  private final Intake intake;
  private final Issues issues;
  private final CredentialLimits limits;
  private final AuditTrail audit;
  private final InstantSource clock;

  DataEndpoint(
      String cloudId,
      AccessTokens tokens,
      JdbiCredentialStore credentials,
      JdbiEntityStore store,
      Intake intake,
      Issues issues,
      CredentialLimits limits,
      AuditTrail audit,
      InstantSource clock) {
    this.cloudId = cloudId;
    this.tokens = tokens;
    this.credentials = credentials;
    this.store = store;
    this.intake = intake;
    this.issues = issues;
    this.limits = limits;
    this.audit = audit;
    this.clock = clock;
  }

  /** A permitted request on its way. */
  private record Call(
      WebRequest request, Credential credential, Kind kind, List<String> operation) {}

  WebResponse handle(WebRequest request) {
    Optional<Credential> credential = credential(request);
    if (credential.isEmpty()) {
      return Json.unauthorised();
    }
    ConsumptionProbe probe = limits.take(credential.get());
    if (!probe.isConsumed()) {
      return limits.refusal(probe);
    }
    return limits.with(probe, admitted(request, credential.get()));
  }

  private Optional<Credential> credential(WebRequest request) {
    List<String> authorization = request.headerValues("authorization");
    return authorization.size() != 1
        ? Optional.empty()
        : tokens
            .claimOf(authorization.get(0))
            .flatMap(
                claim ->
                    credentials
                        .byClientId(claim.clientId())
                        .map(JdbiCredentialStore.Stored::credential)
                        .filter(found -> found.lives(clock.instant()))
                        .filter(
                            found ->
                                found.secrets().stream()
                                    .anyMatch(secret -> secret.id().equals(claim.secretId()))));
  }

  private WebResponse admitted(WebRequest request, Credential credential) {
    for (Kind kind : Kind.ALL) {
      if (request.path().startsWith(kind.path())) {
        List<String> path = segments(request.path().substring(kind.path().length()));
        if (!path.get(0).equals(cloudId)) {
          return Json.error(404, "There is no site with this cloud id here.");
        }
        try {
          return operation(new Call(request, credential, kind, path.subList(1, path.size())));
        } catch (Json.Malformed e) {
          return Json.error(400, e.sentence());
        } catch (WebException e) {
          return Json.error(e.status(), e.sentence());
        } catch (Intake.Refused e) {
          return Json.error(e.status(), e.sentences());
        }
      }
    }
    return Json.error(404, "There is nothing at this address.");
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
    return segments;
  }

  private WebResponse operation(Call call) {
    String method = call.request().method();
    if (call.operation().equals(List.of("bulk"))) {
      return method.equals("POST") ? permitted(call, Action.WRITE, this::bulk) : only("POST");
    }
    if (call.operation().equals(List.of("bulkByProperties"))) {
      return method.equals("DELETE")
          ? permitted(call, Action.DELETE, this::deleteByProperties)
          : only("DELETE");
    }
    Optional<List<String>> identity = call.kind().identity(call.operation());
    if (identity.isEmpty()) {
      return Json.error(404, "There is nothing at this address.");
    }
    return switch (method) {
      case "GET" -> permitted(call, Action.READ, ok -> read(ok, identity.get()));
      case "DELETE" -> permitted(call, Action.DELETE, ok -> delete(ok, identity.get()));
      default -> only("GET, DELETE");
    };
  }

  private static WebResponse only(String methods) {
    return Json.error(405, "Use " + methods + " here.").with("Allow", methods);
  }

  /** Does something that is permitted. */
  private interface Work {
    WebResponse of(Call call);
  }

  private WebResponse permitted(Call call, Action action, Work work) {
    Scope scope = new Scope(call.kind().type(), action);
    if (!call.credential().may(scope)) {
      record(call, action, Outcome.REFUSED, "It lacks the scope " + scope + ".");
      return Json.error(403, "The credential lacks the scope " + scope + ".");
    }
    return work.of(call);
  }

  private WebResponse bulk(Call call) {
    ObjectNode body = Json.object(call.request().body());
    Intake.Taken taken = intake.take(call.kind(), call.credential(), body);
    String kind = call.kind().type().name();
    if (!store.write(call.credential().id(), kind, taken.entities(), clock.instant())) {
      return Json.unauthorised();
    }
    record(
        call,
        Action.WRITE,
        Outcome.ALLOWED,
        "Accepted %d, rejected %d %s; issues %s."
            .formatted(
                taken.answer().acceptedCount(),
                taken.answer().rejectedCount(),
                call.kind().type().collection(),
                taken.issueKeys().isEmpty() ? "none" : String.join(", ", taken.issueKeys())));
    return Json.answer(202, taken.answer().json());
  }

  private WebResponse read(Call call, List<String> identity) {
    Optional<byte[]> found =
        store.find(call.credential().id(), call.kind().type().name(), Intake.digest(identity));
    record(call, Action.READ, Outcome.ALLOWED, call.kind().type().describe(identity));
    if (found.isEmpty()) {
      return Json.error(404, "There is no such " + call.kind().type().noun() + ".");
    }
    ObjectNode entity = Json.stored(found.get());
    Associations associations = Associations.of(entity);
    var existing =
        issues.existing(
            associations.issues().stream()
                .map(Associations::canonical)
                .collect(java.util.stream.Collectors.toSet()));
    Associations.retain(entity, value -> existing.containsKey(Associations.canonical(value)));
    return Json.answer(200, entity);
  }

  private WebResponse delete(Call call, List<String> identity) {
    boolean deleted =
        store.delete(call.credential().id(), call.kind().type().name(), Intake.digest(identity));
    record(
        call,
        Action.DELETE,
        Outcome.ALLOWED,
        call.kind().type().describe(identity) + (deleted ? "" : ", which was not there"));
    return WebResponse.empty(202);
  }

  private WebResponse deleteByProperties(Call call) {
    Form query = Form.query(call.request());
    List<byte[]> digests = new ArrayList<>();
    for (String name : query.names()) {
      if (!name.startsWith("_")) {
        digests.add(
            intake.property(call.kind(), call.credential(), name, query.value(name).orElse("")));
      }
    }
    if (digests.isEmpty() || digests.size() > MOST_PROPERTIES) {
      return Json.error(400, "Name 1 to " + MOST_PROPERTIES + " properties as query parameters.");
    }
    long deleted =
        store.deleteByProperties(call.credential().id(), call.kind().type().name(), digests);
    record(
        call,
        Action.DELETE,
        Outcome.ALLOWED,
        "By the properties " + query.names().stream().sorted().toList() + ": " + deleted + ".");
    return WebResponse.empty(202);
  }

  private void record(Call call, Action action, Outcome outcome, String detail) {
    WebRequest request = call.request();
    audit.record(
        AuditEvent.builder(
                clock.instant(),
                request.id(),
                "receive-" + action.name().toLowerCase(Locale.ROOT),
                outcome)
            .consumer(call.credential().clientId())
            .application(request.application())
            .request(request.method(), request.path())
            .problem(outcome == Outcome.ALLOWED ? null : "insufficient_scope")
            .detail(
                detail.length() <= LONGEST_DETAIL
                    ? detail
                    : detail.substring(0, LONGEST_DETAIL) + "...")
            .remoteAddress(request.remoteAddress())
            .build());
  }
}
