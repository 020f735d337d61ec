package dev.onbehalf.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.VerificationKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands in for a Jira Data Center, which cannot run here: issue search and look-up, remote links
 * and comments of its REST API ({@code docs/peer-facts.md} 2.9), behind two-legged OAuth 1.0a whose
 * signatures and nonces it verifies. It can forbid, limit, be slow, be down, and lose an answer
 * after it has done the work.
 */
public final class DataCenterJira implements AutoCloseable {
  /** By which it knows us. */
  public static final String CONSUMER_KEY = "onbehalf";

  /** What both know. */
  public static final String SECRET = "what both know";

  /** What it does with a request. */
  public enum Mode {
    ANSWERS,
    /** Answers 502, as a proxy does in front of a Jira that is down. */
    DOWN,
    /** Hangs up without having done anything. */
    HANGS_UP,
    /** Does it and hangs up. */
    LOSES_ANSWERS
  }

  /** A request that was signed as it should be. */
  public record Call(String method, String path, String body) {}

  private static final Pattern ISSUE = Pattern.compile("/rest/api/2/issue/([^/]+)(/.*)?");
  private static final Pattern IN = Pattern.compile("issue in \\(([^)]*)\\)");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Set<String> nonces = ConcurrentHashMap.newKeySet();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, String> ids = new ConcurrentHashMap<>();
  private final Map<String, String> moved = new ConcurrentHashMap<>();
  private final Map<String, Map<String, JsonNode>> links = new ConcurrentHashMap<>();
  private final Map<String, List<String>> comments = new ConcurrentHashMap<>();
  private volatile Mode mode = Mode.ANSWERS;
  private volatile boolean linking = true;
  private volatile boolean validating;
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile String retryAfter = "1";

  private DataCenterJira(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts it on a free port. */
  public static DataCenterJira start() {
    try {
      return new DataCenterJira(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its base URL. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jira");
  }

  /** What an administrator sends to {@code /api/links} to link it under the name {@code jira}. */
  public Map<String, Object> linkRequest() {
    return Map.of(
        "url",
        url().toString(),
        "name",
        "jira",
        "consumerKey",
        CONSUMER_KEY,
        "signatureMethod",
        "HMAC-SHA1",
        "sharedSecret",
        SECRET,
        "threeLegged",
        false,
        "twoLegged",
        true,
        "privateAddresses",
        true);
  }

  /** Creates an issue; returns its id. */
  public String create(String key) {
    return ids.computeIfAbsent(key, any -> Integer.toString(10_000 + ids.size()));
  }

  /** Deletes an issue. */
  public void delete(String key) {
    ids.remove(key);
  }

  /** Gives an issue another key; it is still found by the old one. */
  public void move(String from, String to) {
    String id = ids.remove(from);
    ids.put(to, id);
    moved.put(from, to);
  }

  /** What happens to requests from now on. */
  public void mode(Mode next) {
    mode = next;
  }

  /** Whether the caller may link issues. */
  public void allowLinking(boolean allowed) {
    linking = allowed;
  }

  /** Whether it validates queries even if asked not to, as very old versions do. */
  public void alwaysValidate(boolean always) {
    validating = always;
  }

  /** Answers so many requests with 429. */
  public void refuse(int requests, String after) {
    retryAfter = after;
    refusals.set(requests);
  }

  /** Everything that was asked so far. */
  public List<Call> calls() {
    return calls;
  }

  /** How many requests had this method and a path that ends so. */
  public long count(String method, String pathEnd) {
    return calls.stream()
        .filter(call -> call.method().equals(method) && call.path().endsWith(pathEnd))
        .count();
  }

  /** The links an issue shows. */
  public List<JsonNode> links(String key) {
    synchronized (links) {
      return List.copyOf(links.getOrDefault(key, Map.of()).values());
    }
  }

  /** The comments on an issue. */
  public List<String> comments(String key) {
    return comments.getOrDefault(key, List.of());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Mode now = mode;
      if (now == Mode.HANGS_UP) {
        return;
      }
      if (now == Mode.DOWN) {
        exchange.sendResponseHeaders(502, -1);
        return;
      }
      if (!signed(exchange)) {
        exchange
            .getResponseHeaders()
            .add("WWW-Authenticate", "OAuth realm=\"jira\", oauth_problem=\"signature_invalid\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      String path = exchange.getRequestURI().getRawPath().substring("/jira".length());
      calls.add(new Call(exchange.getRequestMethod(), path, body));
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        exchange.getResponseHeaders().add("Retry-After", retryAfter);
        exchange.sendResponseHeaders(429, -1);
        return;
      }
      Reply reply = reply(exchange, path, body);
      if (now == Mode.LOSES_ANSWERS) {
        return;
      }
      byte[] bytes = reply.json().toString().getBytes(StandardCharsets.UTF_8);
      boolean none = reply.status() == 204;
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(reply.status(), none ? -1 : bytes.length);
      if (!none) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private record Reply(int status, JsonNode json) {}

  private boolean signed(HttpExchange exchange) throws IOException {
    URI target = exchange.getRequestURI();
    OAuthMessage message =
        OAuthMessage.parse(
            exchange.getRequestHeaders().getOrDefault("Authorization", List.of()),
            target.getRawQuery(),
            null);
    try {
      SignatureVerifier.verify(
          message,
          exchange.getRequestMethod(),
          List.of(url().resolve(target.getRawPath()).toString()),
          VerificationKey.hmac(SignatureMethod.HMAC_SHA1, Secret.of(SECRET), Secret.of("")));
    } catch (OAuthProblemException e) {
      return false;
    }
    return CONSUMER_KEY.equals(message.consumerKey())
        && String.valueOf(message.token()).isEmpty()
        && !message.has("xoauth_requestor_id")
        && nonces.add(message.timestampSeconds() + " " + message.nonce());
  }

  private Reply reply(HttpExchange exchange, String path, String body) {
    String method = exchange.getRequestMethod();
    if (path.equals("/rest/api/2/search") && method.equals("POST")) {
      return search(JsonMapper.shared().readTree(body));
    }
    Matcher issue = ISSUE.matcher(path);
    if (!issue.matches()) {
      return error(404, "There is nothing.");
    }
    String key = key(URLDecoder.decode(issue.group(1), StandardCharsets.UTF_8));
    if (key.isEmpty()) {
      return error(404, "Issue Does Not Exist");
    }
    String below = String.valueOf(issue.group(2));
    if (below.equals("/remotelink")) {
      return linking
          ? remoteLink(key, method, exchange.getRequestURI(), body)
          : error(403, "You do not have permission to link issues.");
    }
    if (below.equals("/comment") && method.equals("POST")) {
      comments
          .computeIfAbsent(key, any -> new CopyOnWriteArrayList<>())
          .add(JsonMapper.shared().readTree(body).path("body").asString());
      return new Reply(201, JsonNodeFactory.instance.objectNode().put("id", "1"));
    }
    return below.equals("null") && method.equals("GET")
        ? new Reply(200, json(key))
        : error(405, "Method not allowed.");
  }

  private String key(String keyOrId) {
    String now = moved.getOrDefault(keyOrId, keyOrId);
    return ids.containsKey(now)
        ? now
        : ids.entrySet().stream()
            .filter(issue -> issue.getValue().equals(keyOrId))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
  }

  private ObjectNode json(String key) {
    return JsonNodeFactory.instance.objectNode().put("id", ids.get(key)).put("key", key);
  }

  private Reply search(JsonNode query) {
    Matcher wanted = IN.matcher(query.path("jql").asString());
    if (!wanted.matches()) {
      return error(400, "Error in the JQL Query.");
    }
    List<String> missing = new ArrayList<>();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode issues = answer.putArray("issues");
    for (String each : wanted.group(1).split(",", -1)) {
      String key = key(each.replace("\"", ""));
      if (key.isEmpty()) {
        missing.add("An issue with key '" + each + "' does not exist for field 'issue'.");
      } else if (issues.size() < query.path("maxResults").asInt(50)) {
        issues.add(json(key));
      }
    }
    boolean validated = validating || query.path("validateQuery").asBoolean(true);
    return validated && !missing.isEmpty() ? error(400, missing.get(0)) : new Reply(200, answer);
  }

  private Reply remoteLink(String key, String method, URI target, String body) {
    synchronized (links) {
      Map<String, JsonNode> ofIssue = links.computeIfAbsent(key, any -> new LinkedHashMap<>());
      if (method.equals("POST")) {
        JsonNode link = JsonMapper.shared().readTree(body);
        String globalId = link.path("globalId").asString("");
        if (globalId.isEmpty()
            || globalId.length() > 255
            || link.at("/object/url").asString("").isEmpty()
            || link.at("/object/title").asString("").isEmpty()
            || link.at("/object/title").asString("").length() > 255) {
          return error(400, "A link needs a globalId of 255 characters, a title and a url.");
        }
        boolean there = ofIssue.put(globalId, link) != null;
        return new Reply(
            there ? 200 : 201, JsonNodeFactory.instance.objectNode().put("id", ofIssue.size()));
      }
      String globalId =
          URLDecoder.decode(
              String.valueOf(target.getRawQuery()).replaceFirst("^.*globalId=", ""),
              StandardCharsets.UTF_8);
      return ofIssue.remove(globalId) == null
          ? error(404, "There is no such link.")
          : new Reply(204, JsonNodeFactory.instance.objectNode());
    }
  }

  private static Reply error(int status, String message) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putArray("errorMessages").add(message);
    json.putObject("errors");
    return new Reply(status, json);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
