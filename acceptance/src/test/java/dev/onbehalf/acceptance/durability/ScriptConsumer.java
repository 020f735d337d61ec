package dev.onbehalf.acceptance.durability;

import dev.onbehalf.acceptance.peers.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A consumer that signs with HMAC-SHA1, and whose signed requests can be sent again. */
final class ScriptConsumer {
  static final String KEY = "script";
  static final String SECRET = Secrets.made("shared secret", "0123456789abcdef0123456789abcdef");
  private static final String OAUTH = "/plugins/servlet/oauth/";

  private final URI publicUrl;

  ScriptConsumer(URI publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** A token with its secret. */
  record Token(String value, String secret) {
    Token {
      Secrets.made("token", value);
      Secrets.made("token secret", secret);
    }
  }

  /** A request as it was signed. */
  record Signed(String method, String host, String target, String authorization) {
    GatewayNode.Answer send(GatewayNode node) throws IOException {
      return node.send(method, host, target, authorization);
    }
  }

  /** Adds the consumer, whose two-legged requests run as alice. */
  static void register(GatewayNode node) {
    node.command(
        "consumer",
        "add",
        KEY,
        "--method",
        "HMAC-SHA1",
        "--secret-file",
        node.write("secret", SECRET).toString(),
        "--two-legged",
        "true",
        "--execute-as",
        "alice");
  }

  Signed twoLegged(String path) {
    return sign("GET", path, new Token("", ""), Map.of());
  }

  Signed asPerson(String path, Token token) {
    return sign("GET", path, token, Map.of());
  }

  Token requestToken(GatewayNode node) throws IOException {
    return token(
        sign("POST", OAUTH + "request-token", null, Map.of("oauth_callback", "oob")).send(node));
  }

  URI authorization(Token requestToken) {
    return URI.create(publicUrl + OAUTH + "authorize?oauth_token=" + encode(requestToken.value()));
  }

  Signed exchange(Token requestToken, String verifier) {
    return sign("POST", OAUTH + "access-token", requestToken, Map.of("oauth_verifier", verifier));
  }

  /** Reads the token of an answer. */
  static Token token(GatewayNode.Answer answer) {
    if (answer.status() != 200) {
      throw new AssertionError(answer.text());
    }
    String body = answer.text().substring(answer.text().indexOf("\r\n\r\n") + 4);
    Map<String, String> values = new HashMap<>();
    for (String pair : body.strip().split("[&\r\n]", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return new Token(
        values.getOrDefault("oauth_token", ""), values.getOrDefault("oauth_token_secret", ""));
  }

  private Signed sign(String method, String path, @Nullable Token token, Map<String, String> more) {
    Map<String, String> parameters = new TreeMap<>(more);
    parameters.put("oauth_consumer_key", KEY);
    parameters.put("oauth_nonce", UUID.randomUUID().toString());
    parameters.put("oauth_signature_method", "HMAC-SHA1");
    parameters.put("oauth_timestamp", String.valueOf(System.currentTimeMillis() / 1000));
    parameters.put("oauth_version", "1.0");
    if (token != null) {
      parameters.put("oauth_token", token.value());
    }
    StringBuilder normalised = new StringBuilder();
    StringBuilder header = new StringBuilder("OAuth ");
    parameters.forEach(
        (name, value) -> {
          normalised.append(normalised.isEmpty() ? "" : "&").append(name).append('=');
          normalised.append(encode(value));
          header.append(name).append("=\"").append(encode(value)).append("\", ");
        });
    String base = method + "&" + encode(publicUrl + path) + "&" + encode(normalised.toString());
    String key = encode(SECRET) + "&" + (token == null ? "" : encode(token.secret()));
    header.append("oauth_signature=\"").append(encode(hmac(key, base))).append('"');
    return new Signed(method, publicUrl.getAuthority(), path, header.toString());
  }

  private static String hmac(String key, String base) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
      return Base64.getEncoder().encodeToString(mac.doFinal(base.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
