package dev.onbehalf.acceptance.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers every request with what it saw of it, as JSON: {@code method}, {@code target} (raw) and
 * {@code headers} (names in lower case, several values joined by {@code " | "}).
 */
public final class EchoServer implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private EchoServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", EchoServer::answer);
  }

  /** Starts listening on a free port. */
  public static EchoServer start() {
    EchoServer echo = new EchoServer();
    echo.server.start();
    return echo;
  }

  /** Where it listens, without a slash at the end. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), String.join(" | ", values)));
    exchange.getRequestBody().readAllBytes();
    byte[] body =
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "method",
                    exchange.getRequestMethod(),
                    "target",
                    exchange.getRequestURI().toString(),
                    "headers",
                    headers))
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
