package dev.onbehalf.acceptance.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onbehalf.acceptance.clients.ClientLibrary.Settings;
import dev.onbehalf.acceptance.clients.ClientLibrary.Signing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.oauth.OAuth;
import net.oauth.OAuthAccessor;
import net.oauth.OAuthConsumer;
import net.oauth.OAuthException;
import net.oauth.OAuthMessage;
import net.oauth.SimpleOAuthValidator;
import net.oauth.signature.RSA_SHA1;
import org.jspecify.annotations.Nullable;

/**
 * A provider that checks signatures with net.oauth, so that a client is proven against a judge that
 * is not ours. It knows one request token, one verifier and one access token.
 */
final class ReferenceProvider implements AutoCloseable {
  static final String VERIFIER = "verifier-1";

  private final HttpServer server;
  private final OAuthConsumer consumer;

  ReferenceProvider(String key, Signing signing, KeyPairPem pair, String secret)
      throws IOException {
    consumer = new OAuthConsumer(null, key, signing == Signing.RSA_SHA1 ? null : secret, null);
    if (signing == Signing.RSA_SHA1) {
      consumer.setProperty(RSA_SHA1.PUBLIC_KEY, pair.publicKey());
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/request-token", e -> answer(e, null, this::requestToken));
    server.createContext("/access-token", e -> answer(e, "request-secret", this::accessToken));
    server.createContext("/resource", e -> answer(e, "access-secret", this::resource));
    server.start();
  }

  Settings settings(String key, Signing signing, String credential) {
    return new Settings(
        key,
        signing,
        credential,
        at("/request-token"),
        at("/authorize"),
        at("/access-token"),
        null);
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private interface Endpoint {
    String answer(OAuthMessage message) throws IOException;
  }

  private String requestToken(OAuthMessage message) throws IOException {
    return OAuth.formEncode(
        OAuth.newList(
            "oauth_token",
            "reference-request",
            "oauth_token_secret",
            "request-secret",
            "oauth_callback_confirmed",
            String.valueOf(message.getParameter("oauth_callback") != null)));
  }

  private String accessToken(OAuthMessage message) throws IOException {
    boolean approved =
        VERIFIER.equals(message.getParameter("oauth_verifier"))
            && "reference-request".equals(message.getToken());
    return approved
        ? "oauth_token=reference-access&oauth_token_secret=access-secret"
        : "oauth_problem=token_rejected";
  }

  private String resource(OAuthMessage message) throws IOException {
    String requestor = message.getParameter("xoauth_requestor_id");
    return message.method + " token=[" + message.getToken() + "] requestor=[" + requestor + "]";
  }

  private void answer(HttpExchange exchange, @Nullable String tokenSecret, Endpoint endpoint)
      throws IOException {
    String body;
    int status = 200;
    try {
      OAuthMessage message = message(exchange);
      OAuthAccessor accessor = new OAuthAccessor(consumer);
      boolean twoLegged = "".equals(message.getToken());
      accessor.tokenSecret = twoLegged ? null : tokenSecret;
      new SimpleOAuthValidator().validateMessage(message, accessor);
      body = endpoint.answer(message);
    } catch (OAuthException | URISyntaxException e) {
      status = 401;
      body = String.valueOf(e);
    }
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-www-form-urlencoded");
    if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
      // The JDK's server closes but does not say so, and Node would use the connection again.
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private OAuthMessage message(HttpExchange exchange) {
    List<OAuth.Parameter> parameters = new ArrayList<>();
    for (String header : exchange.getRequestHeaders().getOrDefault("Authorization", List.of())) {
      for (OAuth.Parameter parameter : OAuthMessage.decodeAuthorization(header)) {
        if (!"realm".equalsIgnoreCase(parameter.getKey())) {
          parameters.add(parameter);
        }
      }
    }
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      parameters.addAll(OAuth.decodeForm(query));
    }
    return new OAuthMessage(
        exchange.getRequestMethod(),
        at(exchange.getRequestURI().getRawPath()).toString(),
        parameters);
  }
}
