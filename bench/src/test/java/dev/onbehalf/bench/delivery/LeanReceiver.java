package dev.onbehalf.bench.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.send.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Accepts every build at once and checks nothing, so that the sender is what is measured. */
final class LeanReceiver implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger tokens = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  LeanReceiver() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  Site site() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return Site.cloud("example.atlassian.net", "client", Secret.of("bench-secret"))
        .reachedBy(url, url);
  }

  int tokensGiven() {
    return tokens.get();
  }

  int requests() {
    return requests.get();
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String answer;
    int status = 200;
    if (path.equals("/_edge/tenant_info")) {
      answer = "{\"cloudId\":\"cloud-1\"}";
    } else if (path.equals("/oauth/token")) {
      answer = "{\"access_token\":\"t-%d\",\"expires_in\":900}".formatted(tokens.incrementAndGet());
    } else {
      requests.incrementAndGet();
      status = 202;
      answer = accepted(JSON.readTree(body)).toString();
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static ObjectNode accepted(JsonNode body) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode list = answer.putArray("acceptedBuilds");
    for (JsonNode build : body.path("builds")) {
      ObjectNode key = list.addObject();
      key.set("pipelineId", build.path("pipelineId"));
      key.set("buildNumber", build.path("buildNumber"));
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
