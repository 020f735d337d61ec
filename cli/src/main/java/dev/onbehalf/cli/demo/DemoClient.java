package dev.onbehalf.cli.demo;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.Map;

/** The peer of the demo: signs with its RSA key as a linked Atlassian product does. */
final class DemoClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final Signer signer;

  DemoClient(String base, String consumerKey, PrivateKey key) {
    this.base = base;
    this.signer = Signer.rsa(SignatureMethod.RSA_SHA1, consumerKey, key);
  }

  /** A token with its secret, as the provider's token endpoints hand them out. */
  record Token(String value, Secret secret) {}

  Token requestToken(String callback) throws IOException, InterruptedException {
    return token(
        "/plugins/servlet/oauth/request-token", signer, Map.of("oauth_callback", callback));
  }

  Token accessToken(Token requestToken, String verifier) throws IOException, InterruptedException {
    return token(
        "/plugins/servlet/oauth/access-token",
        signer.withToken(requestToken.value(), requestToken.secret()),
        Map.of("oauth_verifier", verifier));
  }

  URI authorizeUrl(Token requestToken) {
    return URI.create(
        base
            + "/plugins/servlet/oauth/authorize?oauth_token="
            + DemoBrowser.encode(requestToken.value()));
  }

  /** Sends a signed request with a person's token. */
  HttpResponse<String> call(String method, String path, Token token)
      throws IOException, InterruptedException {
    return send(method, base + path, signer.withToken(token.value(), token.secret()), base + path);
  }

  /** Sends a signed request without a token, as Atlassian's 2-legged calls are. */
  HttpResponse<String> callTwoLegged(String method, String path)
      throws IOException, InterruptedException {
    return send(method, base + path, signer.twoLegged(), base + path);
  }

  /** Sends to {@code path} what was signed for {@code signedPath}. */
  HttpResponse<String> callTampered(String method, String path, String signedPath)
      throws IOException, InterruptedException {
    return send(method, base + path, signer.twoLegged(), base + signedPath);
  }

  /** Sends an unsigned request that claims to be {@code user}. */
  HttpResponse<String> callForged(String path, String user)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + path)).header("X-Forwarded-User", user).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String url, Signer as, String signedUrl)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", as.sign(method, signedUrl).authorizationHeader())
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private Token token(String path, Signer as, Map<String, String> extra)
      throws IOException, InterruptedException {
    byte[] form = as.sign("POST", base + path, null, extra).form();
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(form))
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          path + " answered " + response.statusCode() + ": " + response.body().strip());
    }
    Map<String, String> answer = parseForm(response.body());
    return new Token(
        answer.getOrDefault("oauth_token", ""),
        Secret.of(answer.getOrDefault("oauth_token_secret", "")));
  }

  static Map<String, String> parseForm(String form) {
    Map<String, String> values = new HashMap<>();
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return values;
  }
}
