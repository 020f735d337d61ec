package dev.onbehalf.server.build;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Fetches an issuer's public keys (RFC 7517) from exactly the address that is configured: no
 * redirect is followed, since it could lead into a private network or to somebody else's keys.
 */
final class KeysRetriever implements ResourceRetriever {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;

  private final HttpClient http;

  /** Fetches with a client adjusted by {@code settings}. */
  KeysRetriever(UnaryOperator<HttpClient.Builder> settings) {
    http =
        settings
            .apply(HttpClient.newBuilder().connectTimeout(TIMEOUT))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.toString()))
            .timeout(TIMEOUT)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException(
              "the issuer's keys answered with status "
                  + response.statusCode()
                  + (response.statusCode() / 100 == 3
                      ? ", a redirect, which is not followed"
                      : ""));
        }
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new IOException("the issuer's keys have more than " + MOST_BYTES + " bytes");
        }
        return new Resource(
            new String(bytes, StandardCharsets.UTF_8),
            response.headers().firstValue("Content-Type").orElse(null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the question for the issuer's keys was interrupted", e);
    }
  }
}
