package dev.onbehalf.delivery;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.delivery.send.Site;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A real HTTP server on the loopback address that speaks Jira's provider APIs and the relay, holds
 * every request against the schemas in the test resources, and misbehaves on demand.
 *
 * <p>Issue keys whose project is {@code NOPE} are unknown to it; a build or deployment without a
 * known key is rejected.
 */
public final class DeliveryReceiver implements AutoCloseable {
  public static final String CLIENT_ID = "client-7";
  public static final String CLIENT_SECRET = "s3cret-of-the-client";
  public static final String SHARED_SECRET = "s3cret-shared-with-the-relay";
  public static final String TOKEN_PREFIX = "t0ken-of-jira-";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, Schema> SCHEMAS = schemas();

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Deque<Reply> planned = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Map<String, Long> stored = new HashMap<>();
  private final Map<String, String> gates = new HashMap<>();
  private final Set<String> tokens = new LinkedHashSet<>();
  private int port;
  private int tokensGiven;
  private int expiresInSeconds = 900;
  private int maxEntities = Integer.MAX_VALUE;
  private int answersLost;
  private HttpServer server;
  private ExecutorService threads;

  private DeliveryReceiver() {
    up();
  }

  public static DeliveryReceiver start() {
    return new DeliveryReceiver();
  }

  /** One request as it came. */
  public record Request(String method, String path, Map<String, String> headers, String body) {}

  /** An entity that came, and whether it changed what is stored. */
  public record Arrival(List<String> identity, long number, boolean stored, ObjectNode entity) {}

  /** An answer to give instead of the right one; status 0 drops the connection. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public static Reply of(int status) {
      return new Reply(status, Map.of(), "");
    }

    public static Reply of(int status, String header, String value) {
      return new Reply(status, Map.of(header, value), "");
    }

    public static Reply withBody(int status, String body) {
      return new Reply(status, Map.of(), body);
    }

    public static Reply drop() {
      return of(0);
    }
  }

  /** The next calls of an API or the relay (not of the token endpoint) get these answers. */
  public synchronized void plan(Reply... replies) {
    planned.addAll(List.of(replies));
  }

  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Returns the requests whose path ends so. */
  public synchronized List<Request> requests(String suffix) {
    return requests.stream().filter(request -> request.path().endsWith(suffix)).toList();
  }

  public synchronized List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Returns what was wrong with the requests so far. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  public synchronized int tokensGiven() {
    return tokensGiven;
  }

  public synchronized void revokeTokens() {
    tokens.clear();
  }

  public synchronized void tokensLiveSeconds(int seconds) {
    expiresInSeconds = seconds;
  }

  /** Answers 413 to more than so many entities. */
  public synchronized void takesAtMost(int entities) {
    maxEntities = entities;
  }

  /** Takes what so many requests bring and drops the connection instead of answering. */
  public synchronized void losesAnswers(int count) {
    answersLost = count;
  }

  public synchronized void gate(
      String pipelineId, String environmentId, long deployment, String status) {
    gates.put(pipelineId + "|" + environmentId + "|" + deployment, status);
  }

  public synchronized void down() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Listens, on the same port as before. */
  public synchronized void up() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = server.getAddress().getPort();
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public Site cloudSite() {
    return Site.cloud("example.atlassian.net", CLIENT_ID, Secret.of(CLIENT_SECRET))
        .reachedBy(URI.create(url()), URI.create(url()));
  }

  public Site onbehalfSite() {
    return Site.onbehalf(URI.create(url()), CLIENT_ID, Secret.of(CLIENT_SECRET));
  }

  public Site relaySite() {
    return Site.relay(
        "relay.example.com",
        URI.create(url() + "/relay?jenkins_server_uuid=1"),
        Secret.of(SHARED_SECRET));
  }

  @Override
  public void close() {
    down();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String body;
    try (InputStream in = exchange.getRequestBody()) {
      body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    Request request =
        new Request(
            exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), headers, body);
    Reply reply;
    try {
      reply = answer(request);
    } catch (RuntimeException e) {
      fault("the receiver failed: " + e);
      reply = Reply.of(500);
    }
    if (reply.status() == 0) {
      exchange.close();
      return;
    }
    reply.headers().forEach(exchange.getResponseHeaders()::add);
    byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized Reply answer(Request request) {
    requests.add(request);
    String path =
        request.path().startsWith(Site.ONBEHALF_PATH)
            ? request.path().substring(Site.ONBEHALF_PATH.length())
            : request.path();
    if (path.equals("/_edge/tenant_info")) {
      return Reply.withBody(200, "{\"cloudId\":\"cloud-1\"}");
    }
    if (path.equals("/oauth/token")) {
      return token(request);
    }
    Reply reply = planned.poll();
    if (reply != null) {
      return reply;
    }
    if (path.equals("/relay")) {
      return relay(request);
    }
    String authorization = request.headers().getOrDefault("Authorization", "");
    if (!authorization.startsWith("Bearer ") || !tokens.contains(authorization.substring(7))) {
      return Reply.withBody(401, "{\"code\":401,\"message\":\"Unauthorized\"}");
    }
    for (DataType type : DataType.all()) {
      String base = "/jira/" + type.cloudPath() + "/cloud/cloud-1/";
      if (path.equals(base + "bulk")) {
        if (!"application/json; charset=utf-8".equals(request.headers().get("Content-type"))) {
          fault("the content type is " + request.headers().get("Content-type"));
        }
        return bulk(type, request.body());
      }
      if (path.startsWith(base)) {
        return read(path.substring(base.length()));
      }
    }
    return Reply.of(404);
  }

  private Reply token(Request request) {
    JsonNode body = JSON.readTree(request.body());
    boolean right =
        body.path("audience").asString("").equals("api.atlassian.com")
            && body.path("grant_type").asString("").equals("client_credentials")
            && body.path("client_id").asString("").equals(CLIENT_ID)
            && body.path("client_secret").asString("").equals(CLIENT_SECRET);
    if (!right) {
      return Reply.withBody(
          401, "{\"error\":\"access_denied\",\"error_description\":\"Unauthorized\"}");
    }
    String token = TOKEN_PREFIX + ++tokensGiven;
    tokens.add(token);
    return Reply.withBody(
        200,
        "{\"access_token\":\"%s\",\"expires_in\":%d,\"token_type\":\"Bearer\",\"scope\":\"write:build:jira write:deployment:jira\"}"
            .formatted(token, expiresInSeconds));
  }

  private Reply relay(Request request) {
    if (!"application/jwt".equals(request.headers().get("Content-type"))) {
      fault("the relay was sent " + request.headers().get("Content-type"));
    }
    String[] parts = request.body().split("\\.", -1);
    if (parts.length != 3 || !signed(parts)) {
      return Reply.withBody(401, "{\"message\":\"JWT verification failed\"}");
    }
    JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    if (!claims.path("iss").asString("").equals("jenkins-plugin")
        || !claims.path("aud").asString("").equals("jenkins-forge-app")
        || claims.path("exp").asLong() - claims.path("iat").asLong() > 400) {
      fault("the claims are " + claims);
    }
    JsonNode envelope = JSON.readTree(claims.path("request_body_json").asString());
    return switch (envelope.path("requestType").asString()) {
      case "ping" -> Reply.withBody(200, "{\"success\":true}");
      case "gatingStatus" ->
          gating(
              envelope.path("pipelineId").asString(),
              envelope.path("environmentId").asString(),
              envelope.path("deploymentId").asString());
      case "event" -> {
        for (String field :
            List.of("eventType", "pipelineId", "pipelineName", "status", "lastUpdated")) {
          if (envelope.path(field).asString("").isEmpty()) {
            fault("the envelope has no " + field);
          }
        }
        DataType type =
            envelope.path("eventType").asString().equals("build")
                ? DataType.BUILDS
                : DataType.DEPLOYMENTS;
        yield bulk(type, envelope.path("payload").toString());
      }
      default -> Reply.of(400);
    };
  }

  private static boolean signed(String[] parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SHARED_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] expected =
          mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return MessageDigest.isEqual(expected, Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Reply read(String path) {
    if (!path.endsWith("/gating-status")) {
      return Reply.of(404);
    }
    String[] steps = path.split("/", -1);
    return gating(decode(steps[1]), decode(steps[3]), steps[5]);
  }

  private static String decode(String segment) {
    return java.net.URLDecoder.decode(segment, StandardCharsets.UTF_8);
  }

  private Reply gating(String pipelineId, String environmentId, String deployment) {
    String status = gates.get(pipelineId + "|" + environmentId + "|" + deployment);
    return status == null
        ? Reply.of(404)
        : Reply.withBody(
            200,
            "{\"gatingStatus\":\"%s\",\"details\":[{\"type\":\"issue\",\"issueKey\":\"ABC-1\"}]}"
                .formatted(status));
  }

  private Reply bulk(DataType type, String body) {
    Objects.requireNonNull(SCHEMAS.get(type.name()))
        .validate(body, InputFormat.JSON)
        .forEach(error -> fault(type.name() + ": " + error));
    JsonNode json = JSON.readTree(body);
    JsonNode entities = json.path(type.collection());
    if (entities.size() > maxEntities) {
      return Reply.withBody(413, "[{\"message\":\"Request entity too large\"}]");
    }
    Taken taken = new Taken(type);
    for (JsonNode entity : entities) {
      take(type, (ObjectNode) entity, taken);
    }
    if (answersLost > 0) {
      answersLost--;
      return Reply.drop();
    }
    return Reply.withBody(202, taken.answer.toString());
  }

  private void take(DataType type, ObjectNode entity, Taken taken) {
    for (Violation violation : type.shape().violations(entity)) {
      fault("the shape of " + type.name() + " forbids it: " + violation);
    }
    Set<String> keys = new LinkedHashSet<>();
    collectKeys(entity, keys);
    List<String> unknown = keys.stream().filter(key -> key.startsWith("NOPE-")).toList();
    unknown.forEach(taken::unknown);
    if (!keys.isEmpty() && unknown.size() == keys.size()) {
      taken.rejected(entity, "No valid issues found for " + type.noun());
      return;
    }
    taken.accepted(entity);
    List<String> identity = type.identityOf(entity);
    long number = entity.path(type.sequenceField()).asLong();
    Long before = stored.get(type.name() + identity);
    boolean newer = before == null || number > before;
    if (newer) {
      stored.put(type.name() + identity, number);
    }
    arrivals.add(new Arrival(identity, number, newer, entity));
  }

  private static void collectKeys(JsonNode entity, Set<String> keys) {
    entity.path("issueKeys").forEach(key -> keys.add(key.asString()));
    for (JsonNode association : entity.path("associations")) {
      if (association.path("associationType").asString().startsWith("issue")) {
        association.path("values").forEach(key -> keys.add(key.asString()));
      }
    }
    for (String field : List.of("commits", "branches", "pullRequests")) {
      entity.path(field).forEach(item -> collectKeys(item, keys));
    }
  }

  private synchronized void fault(String text) {
    faults.add(text);
  }

  private static Map<String, Schema> schemas() {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    Map<String, Schema> schemas = new HashMap<>();
    for (DataType type : DataType.all()) {
      String resource = "/schema/" + type.name() + ".json";
      try (InputStream in = DeliveryReceiver.class.getResourceAsStream(resource)) {
        schemas.put(
            type.name(),
            registry.getSchema(
                new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return schemas;
  }

  /** The answer to a bulk request as it grows. */
  private static final class Taken {
    private final DataType type;
    private final ObjectNode answer = JsonNodeFactory.instance.objectNode();

    Taken(DataType type) {
      this.type = type;
      boolean maps = type.answerForm() == DataType.AnswerForm.REPOSITORIES;
      answer.set(type.acceptedField(), maps ? answer.objectNode() : answer.arrayNode());
      boolean list = type.answerForm() == DataType.AnswerForm.KEYED_LIST;
      answer.set(type.rejectedField(), list ? answer.arrayNode() : answer.objectNode());
      answer.putArray("unknownIssueKeys");
      answer.putArray("unknownAssociations");
    }

    void unknown(String key) {
      ((ArrayNode) answer.path("unknownIssueKeys")).add(key);
    }

    void accepted(ObjectNode entity) {
      JsonNode accepted = answer.path(type.acceptedField());
      String id = type.identityOf(entity).get(0);
      switch (type.answerForm()) {
        case KEYED_LIST -> ((ArrayNode) accepted).add(type.keyOf(entity));
        case ID_MAP -> ((ArrayNode) accepted).add(id);
        case REPOSITORIES -> ((ObjectNode) accepted).putObject(id);
      }
    }

    void rejected(ObjectNode entity, String message) {
      JsonNode rejected = answer.path(type.rejectedField());
      ArrayNode errors = JsonNodeFactory.instance.arrayNode();
      errors.addObject().put("message", message).put("errorTraceId", "trace-9");
      if (type.answerForm() == DataType.AnswerForm.KEYED_LIST) {
        ObjectNode item = ((ArrayNode) rejected).addObject();
        item.set("key", type.keyOf(entity));
        item.set("errors", errors);
      } else if (type.answerForm() == DataType.AnswerForm.ID_MAP) {
        ((ObjectNode) rejected).set(type.identityOf(entity).get(0), errors);
      } else {
        ((ObjectNode) rejected)
            .putObject(type.identityOf(entity).get(0))
            .set("errorMessages", errors);
      }
    }
  }
}
