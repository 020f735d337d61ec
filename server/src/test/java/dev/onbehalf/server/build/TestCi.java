package dev.onbehalf.server.build;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A CI server of the old kind with an issuer of tokens: its builds are what a test says. */
public final class TestCi implements AutoCloseable {
  static final String AUDIENCE = "onbehalf";
  static final RSAKey KEY = key("one");

  /** When the builds set from now on began, milliseconds since 1970. */
  volatile long begunMillis = 1;

  /** A path that is asked for and never answered; and one of which only the head comes. */
  volatile String silent = "none";

  volatile String stalling = "none";

  /** Where the keys are moved to; null where they are here. */
  volatile @Nullable String keysMovedTo;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final HttpServer server;
  private final Map<String, String> builds = new ConcurrentHashMap<>();
  private final Map<String, String> asked = new ConcurrentHashMap<>();

  TestCi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sets a running build. */
  void runs(String path, int number, String causes) {
    put(path, number, true, causes);
  }

  void put(String path, int number, boolean building, String causes) {
    builds.put(
        path + "/" + number + "/api/json",
        "{\"actions\":[{},{\"causes\":[%s]}],\"number\":%d,\"building\":%s,\"timestamp\":%d}"
            .formatted(causes, number, building, begunMillis));
  }

  /** As whom a build was last asked for. */
  String askedAs(String path, int number) {
    return asked.getOrDefault(path + "/" + number + "/api/json", "");
  }

  /** Waits until a build was asked for. */
  void awaitAsked(String path, int number) throws InterruptedException {
    while (askedAs(path, number).isEmpty()) {
      Thread.sleep(10);
    }
  }

  JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(url() + "/oidc")
        .audience(AUDIENCE)
        .issueTime(java.util.Date.from(now))
        .expirationTime(java.util.Date.from(now.plusSeconds(600)));
  }

  static String sign(JWTClaimsSet claims) {
    return sign(claims, KEY);
  }

  static String sign(JWTClaimsSet claims, RSAKey key) {
    try {
      return sign(claims, JWSAlgorithm.RS256, key.getKeyID(), new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(JWTClaimsSet claims, JWSAlgorithm method, String keyId, JWSSigner signer)
      throws JOSEException {
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(method).keyID(keyId).build(), claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      asked.put(path, String.valueOf(exchange.getRequestHeaders().getFirst("X-Forwarded-User")));
      if (path.startsWith(silent) || path.startsWith(stalling)) {
        if (path.startsWith(stalling)) {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
        }
        closing.await();
        return;
      }
      String moved = keysMovedTo;
      if (moved != null && path.equals("/jwks")) {
        exchange.getResponseHeaders().set("Location", moved);
        exchange.sendResponseHeaders(302, -1);
        return;
      }
      String body =
          path.endsWith("/jwks") ? new JWKSet(KEY.toPublicJWK()).toString() : builds.get(path);
      byte[] bytes = (body == null ? "none" : body).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
