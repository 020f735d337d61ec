package dev.onbehalf.server.outgoing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.OAuthProblemException;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.oauth1.VerificationKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A linked application that verifies signatures and tells what arrived as whom. */
final class IssuePeer implements AutoCloseable {
  static final int LONG = 3_000_000;
  private static final Secret SECRET = Secret.of("what both know");

  final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();

  /**
   * A permit for each request to {@code /slow} that has come, and for each that may be answered.
   */
  final Semaphore waiting = new Semaphore(0);

  final Semaphore released = new Semaphore(0);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  IssuePeer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jira");
  }

  static Signer signer() {
    return Signer.hmac(SignatureMethod.HMAC_SHA1, "onbehalf", SECRET);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      URI target = exchange.getRequestURI();
      String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      OAuthMessage message =
          OAuthMessage.parse(
              exchange.getRequestHeaders().getOrDefault("Authorization", List.of()),
              target.getRawQuery(),
              type.startsWith("application/x-www-form-urlencoded") ? body : null);
      try {
        SignatureVerifier.verify(
            message,
            exchange.getRequestMethod(),
            List.of(url().resolve(target.getRawPath()).toString()),
            VerificationKey.hmac(SignatureMethod.HMAC_SHA1, SECRET, Secret.of("")));
      } catch (OAuthProblemException e) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      respond(exchange, String.valueOf(message.parameter("xoauth_requestor_id")), target, body);
    }
  }

  private void respond(HttpExchange exchange, String person, URI target, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().add("Set-Cookie", "JSESSIONID=peer");
    exchange.getResponseHeaders().add("Content-Security-Policy", "script-src *");
    exchange.getResponseHeaders().add("Access-Control-Allow-Origin", "*");
    exchange.getResponseHeaders().add("ETag", "\"7\"");
    String path = target.getRawPath();
    if (path.endsWith("/long")) {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(new byte[LONG]);
      }
      return;
    }
    if (path.endsWith("/slow")) {
      waiting.release();
      released.acquireUninterruptibly();
    }
    if (path.endsWith("/elsewhere")) {
      exchange.getResponseHeaders().add("Location", "//elsewhere.example/x");
      exchange.sendResponseHeaders(302, -1);
      return;
    }
    if (path.endsWith("/created")) {
      exchange.getResponseHeaders().add("Location", url() + "/rest/issue/1");
      exchange.sendResponseHeaders(201, -1);
      return;
    }
    byte[] text =
        "%s %s %s %s"
            .formatted(
                person,
                exchange.getRequestMethod(),
                target,
                new String(body, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    boolean none = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().add("Content-Type", "text/html");
    exchange.sendResponseHeaders(path.endsWith("/missing") ? 404 : 200, none ? -1 : text.length);
    if (!none) {
      exchange.getResponseBody().write(text);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
