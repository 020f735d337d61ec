package dev.onbehalf.server.receive;

import dev.onbehalf.delivery.DataType;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation on every kind of data, at the paths of Jira Cloud's API host and at those of a
 * site itself; {@code docs/peer-facts.md} section 2. What a credential did not send itself does not
 * exist for it.
 */
final class DataEndpoint {
  private static final int MOST_PROPERTIES = 5;
  private static final String GATING_COMMAND = "initiate_deployment_gating";
  private static final int LONGEST_DETAIL = 1_900;

  private final String cloudId;
  private final AccessTokens tokens;
  private final JdbiCredentialStore credentials;
  private final JdbiEntityStore store;
  private final Intake intake;
  private final Issues issues;
  private final CredentialLimits limits;
  private final Turns turns;
  private final IntakeMeters meters;
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
      Turns turns,
      IntakeMeters meters,
      AuditTrail audit,
      InstantSource clock) {
    this.cloudId = cloudId;
    this.tokens = tokens;
    this.credentials = credentials;
    this.store = store;
    this.intake = intake;
    this.issues = issues;
    this.limits = limits;
    this.turns = turns;
    this.meters = meters;
    this.audit = audit;
    this.clock = clock;
  }

  /** A permitted request on its way. */
  private record Call(
      WebRequest request, Credential credential, Kind kind, List<String> operation) {

    /** Returns the kind under which it is stored: what the server sends itself is of its own. */
    String stored() {
      return credential.own() ? Received.HIDDEN_KIND : kind.type().name();
    }
  }

  WebResponse handle(WebRequest request) {
    Optional<Credential> credential = credential(request);
    if (credential.isEmpty()) {
      return Json.unauthorised();
    }
    ConsumptionProbe probe = limits.take(credential.get());
    if (!probe.isConsumed()) {
      meters.limited();
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
      String path = request.path();
      if (path.startsWith(kind.sitePath())) {
        return answered(
            new Call(
                request, credential, kind, segments(path.substring(kind.sitePath().length()))));
      }
      if (path.startsWith(kind.cloudPath())) {
        List<String> rest = segments(path.substring(kind.cloudPath().length()));
        return rest.get(0).equals(cloudId)
            ? answered(new Call(request, credential, kind, rest.subList(1, rest.size())))
            : Json.error(404, "There is no site with this cloud id here.");
      }
    }
    return Json.error(404, "There is nothing at this address.");
  }

  private WebResponse answered(Call call) {
    try {
      return operation(call);
    } catch (Json.Malformed e) {
      return refusal(call.kind(), 400, List.of(e.sentence()));
    } catch (WebException e) {
      return refusal(call.kind(), e.status(), List.of(e.sentence()));
    } catch (Intake.Refused e) {
      WebResponse refusal = refusal(call.kind(), e.status(), e.sentences());
      return e.status() == 503 ? refusal.with("Retry-After", "30") : refusal;
    }
  }

  /** Development information lists its errors in an object, all others as they are. */
  private static WebResponse refusal(Kind kind, int status, List<String> sentences) {
    return kind.type().answerForm() == DataType.AnswerForm.REPOSITORIES
        ? Json.answer(status, Json.object().set("errorMessages", Json.messages(sentences)))
        : Json.error(status, sentences);
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      try {
        segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        segments.add(segment);
      }
    }
    return segments;
  }

  private WebResponse operation(Call call) {
    String method = call.request().method();
    if (call.operation().equals(List.of("bulk"))) {
      return method.equals("POST") ? changed(call, Action.WRITE, this::bulk) : only("POST");
    }
    if (call.operation().equals(List.of("bulkByProperties"))) {
      return method.equals("DELETE")
          ? changed(call, Action.DELETE, this::deleteByProperties)
          : only("DELETE");
    }
    if (call.operation().equals(List.of("existsByProperties"))) {
      return method.equals("GET")
          ? permitted(call, Action.READ, this::existsByProperties)
          : only("GET");
    }
    Optional<Kind.Item> item = call.kind().item(call.operation());
    if (item.isPresent()) {
      return method.equals("DELETE")
          ? changed(
              call,
              Action.DELETE,
              (ok, turn) -> delete(ok, turn, item.get().part().name(), item.get().identity()))
          : only("DELETE");
    }
    return entityOperation(call, method);
  }

  private WebResponse entityOperation(Call call, String method) {
    List<String> path = call.operation();
    boolean gate =
        call.kind().type().equals(DataType.DEPLOYMENTS)
            && path.get(path.size() - 1).equals("gating-status");
    Optional<List<String>> identity =
        call.kind().identity(gate ? path.subList(0, path.size() - 1) : path);
    if (identity.isEmpty()) {
      return Json.error(404, "There is nothing at this address.");
    }
    if (gate) {
      return method.equals("GET")
          ? permitted(call, Action.READ, ok -> gatingStatus(ok, identity.get()))
          : only("GET");
    }
    return switch (method) {
      case "GET" -> permitted(call, Action.READ, ok -> read(ok, identity.get()));
      case "DELETE" ->
          changed(
              call, Action.DELETE, (ok, turn) -> delete(ok, turn, call.stored(), identity.get()));
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

  /** Changes something that is permitted. */
  private interface Change {
    WebResponse of(Call call, Turns.Place turn);
  }

  private WebResponse changed(Call call, Action action, Change change) {
    return permitted(
        call,
        action,
        ok -> {
          Optional<Turns.Place> entered = turns.enter(ok.credential().id());
          if (entered.isEmpty()) {
            meters.limited();
            return refusal(
                    ok.kind(), 429, List.of("Too many requests at once; try again in a moment."))
                .with("Retry-After", "1");
          }
          try (Turns.Place turn = entered.get()) {
            return change.of(ok, turn);
          }
        });
  }

  private WebResponse bulk(Call call, Turns.Place turn) {
    ObjectNode body = Json.object(call.request().body());
    Instant now = clock.instant();
    Intake.Taken taken = intake.take(call.kind(), call.credential(), body, now);
    List<Received> entities =
        call.credential().own()
            ? taken.entities().stream().map(Received::hidden).toList()
            : taken.entities();
    if (!turn.write(() -> store.write(call.credential().id(), entities, now))) {
      return Json.unauthorised();
    }
    meters.received(call.kind(), taken.answer().acceptedCount(), taken.answer().rejectedCount());
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
    Optional<ObjectNode> found = found(call, identity);
    if (found.isEmpty()) {
      return noSuch(call);
    }
    ObjectNode entity = call.credential().own() ? found.get() : attached(found.get());
    for (DataType.Part part : call.kind().type().parts()) {
      ArrayNode items = entity.putArray(part.field());
      store
          .parts(
              call.credential().id(),
              call.stored(),
              Intake.digest(identity),
              part.name(),
              Kind.MOST_ITEMS_OF_A_LIST)
          .forEach(item -> items.add(attached(Json.stored(item))));
    }
    return Json.answer(200, entity);
  }

  private Optional<ObjectNode> found(Call call, List<String> identity) {
    record(call, Action.READ, Outcome.ALLOWED, call.kind().type().describe(identity));
    return store
        .find(call.credential().id(), call.stored(), Intake.digest(identity))
        .map(Json::stored);
  }

  private static WebResponse noSuch(Call call) {
    return refusal(
        call.kind(), 404, List.of("There is no such " + call.kind().type().noun() + "."));
  }

  /** Leaves out the issues that are not known now. */
  private ObjectNode attached(ObjectNode entity) {
    Set<String> keys =
        Associations.of(entity).issues().stream()
            .map(Associations::canonical)
            .collect(Collectors.toSet());
    if (!keys.isEmpty()) {
      Issues.Found found = issues.find(keys);
      Associations.retain(
          entity,
          value -> {
            String canonical = Associations.canonical(value);
            return found.existing().containsKey(canonical)
                || found.undetermined().contains(canonical);
          });
    }
    return entity;
  }

  /** Nobody here holds deployments back: one whose sender asks is allowed. */
  private WebResponse gatingStatus(Call call, List<String> identity) {
    Optional<ObjectNode> found = found(call, identity);
    boolean asked = false;
    if (found.isPresent()) {
      for (JsonNode command : found.get().path("commands")) {
        asked |= command.path("command").asString("").equals(GATING_COMMAND);
      }
    }
    if (found.isEmpty() || !asked) {
      return noSuch(call);
    }
    ObjectNode answer = Json.object();
    call.kind()
        .type()
        .keyOf(found.get())
        .properties()
        .forEach(part -> answer.set(part.getKey(), part.getValue()));
    answer
        .put("updatedTimestamp", found.get().path("lastUpdated").asString(""))
        .put("gatingStatus", "allowed")
        .putArray("details");
    return Json.answer(200, answer);
  }

  private WebResponse delete(Call call, Turns.Place turn, String kind, List<String> identity) {
    long newest =
        Form.query(call.request())
            .value("_" + call.kind().type().sequenceField())
            .filter(text -> text.matches("[0-9]{1,18}"))
            .filter(text -> call.kind().type().sequenceField().equals("updateSequenceId"))
            .map(Long::parseLong)
            .orElse(Long.MAX_VALUE);
    boolean deleted =
        turn.write(
            () ->
                store.delete(
                    call.credential().id(),
                    kind,
                    Intake.digest(identity),
                    newest,
                    clock.instant()));
    record(
        call,
        Action.DELETE,
        Outcome.ALLOWED,
        kind + " " + String.join(" / ", identity) + (deleted ? "" : ", which was not there"));
    return WebResponse.empty(202);
  }

  private WebResponse existsByProperties(Call call) {
    List<byte[]> digests = properties(call);
    record(call, Action.READ, Outcome.ALLOWED, "Whether something has certain properties.");
    return Json.answer(200, Json.object().put("hasDataMatchingProperties", store.exists(digests)));
  }

  private List<byte[]> properties(Call call) {
    Form query = Form.query(call.request());
    List<byte[]> digests = new ArrayList<>();
    for (String name : query.names()) {
      if (!name.startsWith("_")) {
        digests.add(
            intake.property(call.kind(), call.credential(), name, query.value(name).orElse("")));
      }
    }
    if (digests.isEmpty() || digests.size() > MOST_PROPERTIES) {
      throw new Json.Malformed("Name 1 to " + MOST_PROPERTIES + " properties as query parameters.");
    }
    return digests;
  }

  private WebResponse deleteByProperties(Call call, Turns.Place turn) {
    List<byte[]> digests = properties(call);
    long deleted =
        turn.write(
            () -> store.deleteByProperties(call.credential().id(), digests, clock.instant()));
    record(call, Action.DELETE, Outcome.ALLOWED, "By properties: " + deleted + ".");
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
