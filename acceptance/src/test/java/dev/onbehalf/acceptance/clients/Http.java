package dev.onbehalf.acceptance.clients;

import dev.onbehalf.acceptance.clients.ClientLibrary.Answer;
import dev.onbehalf.acceptance.clients.ClientLibrary.RefusedException;
import dev.onbehalf.acceptance.clients.ClientLibrary.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What the clients of Java share: a plain HTTP exchange, forms and keys. */
final class Http {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Http() {}

  static Answer send(String method, URI url, String authorization) {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", authorization)
            .method(method, BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static Token token(Answer answer) {
    if (answer.status() != 200) {
      throw new RefusedException(answer.body());
    }
    Map<String, String> form = form(answer.body());
    String value = form.get("oauth_token");
    String secret = form.get("oauth_token_secret");
    if (value == null || secret == null) {
      throw new AssertionError("no token in " + form.keySet());
    }
    return new Token(value, secret);
  }

  static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  static String base64(String pem) {
    return pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
  }

  static PrivateKey privateKey(String pem) {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64(pem))));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a private key", e);
    }
  }
}
