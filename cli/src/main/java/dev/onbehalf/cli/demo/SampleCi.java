package dev.onbehalf.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sample CI application of the demo, not a real CI server: it believes the identity header only
 * beside the shared secret, gives each person a crumb of their own and starts no build without it,
 * as Jenkins does.
 */
final class SampleCi implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CRUMB_FIELD = "Jenkins-Crumb";
  private static final int WORKERS = 4;

  /**
   * A request as it arrived here.
   *
   * @param user whom the gateway said it is; null for nobody
   * @param crumb whether it carried that person's crumb
   */
  record Seen(String method, String path, @Nullable String user, boolean crumb, int status) {}

  /** An answer to be sent. */
  private record Answer(int status, String contentType, String body) {
    static Answer json(Object value) {
      return new Answer(200, "application/json", JSON.writeValueAsString(value));
    }

    static Answer text(int status, String body) {
      return new Answer(status, "text/plain; charset=utf-8", body + "\n");
    }
  }

  private final HttpServer server;
  private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
  private final Secret secret;
  private final Map<String, Secret> crumbs = new ConcurrentHashMap<>();
  private final List<String> causes = new CopyOnWriteArrayList<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  private SampleCi(HttpServer server, Secret secret) {
    this.server = server;
    this.secret = secret;
  }

  /** Starts it on a free loopback port; {@code secret} is what proves the gateway. */
  static SampleCi start(Secret secret) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SampleCi ci = new SampleCi(server, secret);
    server.setExecutor(ci.workers);
    server.createContext("/", ci::handle);
    server.start();
    return ci;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Returns what arrived so far, oldest first, without the gateway's own crumb requests. */
  List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getRawPath();
      String user = user(exchange);
      boolean crumb = user != null && hasCrumb(exchange, user);
      Answer answer = answer(method, path, user, crumb);
      if (!path.startsWith("/crumbIssuer")) {
        seen.add(new Seen(method, path, user, crumb, answer.status()));
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(String method, String path, @Nullable String user, boolean crumb) {
    return switch (method + " " + path) {
      case "GET /" ->
          Answer.text(
              200,
              "This is the sample CI application of the Onbehalf demo. You are "
                  + (user == null ? "nobody in particular." : user + ".")
                  + " Builds so far: "
                  + causes);
      case "GET /me/api/json" ->
          user == null ? Answer.text(403, "Nobody.") : Answer.json(Map.of("id", user));
      case "GET /job/demo/api/json" -> Answer.json(Map.of("builds", causes));
      case "GET /crumbIssuer/api/json" ->
          user == null
              ? Answer.text(403, "Nobody.")
              : Answer.json(
                  Map.of("crumb", crumbOf(user).reveal(), "crumbRequestField", CRUMB_FIELD));
      case "POST /job/demo/build" -> build(user, crumb);
      default -> Answer.text(404, "There is nothing here.");
    };
  }

  private Answer build(@Nullable String user, boolean crumb) {
    if (user == null) {
      return Answer.text(403, "Nobody may not start builds.");
    }
    if (!crumb) {
      return Answer.text(403, "No valid crumb was included in the request.");
    }
    causes.add("Started by user " + user);
    return Answer.text(201, "Started by user " + user + ".");
  }

  private @Nullable String user(HttpExchange exchange) {
    String presented = exchange.getRequestHeaders().getFirst("X-Onbehalf-Secret");
    return presented != null && secret.equals(Secret.of(presented))
        ? exchange.getRequestHeaders().getFirst("X-Forwarded-User")
        : null;
  }

  private boolean hasCrumb(HttpExchange exchange, String user) {
    String presented = exchange.getRequestHeaders().getFirst(CRUMB_FIELD);
    return crumbOf(user).equals(Secret.of(Objects.requireNonNullElse(presented, "")));
  }

  private Secret crumbOf(String user) {
    return crumbs.computeIfAbsent(user, name -> random());
  }

  private static Secret random() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return Secret.of(HexFormat.of().formatHex(bytes));
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
