package dev.onbehalf.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a browser comes back to from an authorisation (RFC 8252 section 7.3): a port of this
 * machine alone. Other programs and pages of any site can visit it too, so that only an address
 * with what is known to this program and the peer's page counts, and the rest changes nothing.
 */
final class LoopbackCallback implements AutoCloseable {
  private static final String PATH = "/back";
  private static final int STATE_BYTES = 24;

  private final CompletableFuture<ObjectNode> back = new CompletableFuture<>();
  private final String state;
  private final HttpServer server;

  private LoopbackCallback(HttpServer server) {
    this.server = server;
    byte[] random = new byte[STATE_BYTES];
    new SecureRandom().nextBytes(random);
    state = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if no port can be listened on
   */
  static LoopbackCallback listen() throws IOException {
    LoopbackCallback callback =
        new LoopbackCallback(
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    callback.server.createContext("/", callback::answer);
    callback.server.start();
    return callback;
  }

  /** Returns the address to come back to. */
  URI url() {
    return URI.create(
        "http://127.0.0.1:" + server.getAddress().getPort() + PATH + "?state=" + state);
  }

  /** Waits for a browser with the right state; returns the token and verifier it brings. */
  ObjectNode await(Duration most) throws TimeoutException, InterruptedException {
    try {
      return back.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
      String token = query.getOrDefault("oauth_token", "");
      String verifier = query.getOrDefault("oauth_verifier", "");
      boolean right =
          exchange.getRequestURI().getPath().equals(PATH)
              && exchange.getRequestMethod().equals("GET")
              && same(query.getOrDefault("state", ""), state)
              && !token.isEmpty()
              && !verifier.isEmpty();
      byte[] text =
          (right ? "Back at the terminal you see how it ended.\n" : "There is nothing here.\n")
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
      exchange.sendResponseHeaders(right ? 200 : 404, text.length);
      exchange.getResponseBody().write(text);
      if (right) {
        back.complete(
            JsonNodeFactory.instance.objectNode().put("token", token).put("verifier", verifier));
      }
    }
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> values = new HashMap<>();
    for (String pair : (raw == null ? "" : raw).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          values.putIfAbsent(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          return Map.of();
        }
      }
    }
    return values;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
