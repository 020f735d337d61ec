package dev.onbehalf.acceptance.clients;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Objects;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.oauth1.AccessToken;
import org.glassfish.jersey.client.oauth1.ConsumerCredentials;
import org.glassfish.jersey.client.oauth1.OAuth1AuthorizationFlow;
import org.glassfish.jersey.client.oauth1.OAuth1Builder;
import org.glassfish.jersey.client.oauth1.OAuth1ClientSupport;
import org.jspecify.annotations.Nullable;

/** Jersey's OAuth 1 client, which keeps the request token to itself during its flow. */
final class JerseyClient implements ClientLibrary {
  private final Settings settings;
  private @Nullable OAuth1AuthorizationFlow flow;
  private @Nullable URI authorizationUrl;

  JerseyClient(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Token requestToken(String callback) {
    OAuth1AuthorizationFlow started =
        builder()
            .authorizationFlow(
                settings.requestToken().toString(),
                settings.accessToken().toString(),
                settings.authorize().toString())
            .callbackUri(callback)
            .build();
    try {
      URI url = URI.create(started.start());
      flow = started;
      authorizationUrl = url;
      String token = Http.form(url.getRawQuery()).get("oauth_token");
      return new Token(Objects.requireNonNull(token), "kept by the library");
    } catch (RuntimeException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public URI authorizationUrl(Token requestToken) {
    return Objects.requireNonNull(authorizationUrl);
  }

  @Override
  public Token accessToken(Token requestToken, String verifier) {
    try {
      AccessToken token = Objects.requireNonNull(flow).finish(verifier);
      return new Token(token.getToken(), token.getAccessTokenSecret());
    } catch (RuntimeException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Answer call(String method, URI url, Token token) {
    Feature feature =
        builder().feature().accessToken(new AccessToken(token.value(), token.secret())).build();
    Client client = ClientBuilder.newClient();
    try {
      Invocation.Builder request =
          client
              .register(feature)
              .property(ClientProperties.FOLLOW_REDIRECTS, false)
              .target(url)
              .request();
      try (Response response =
          method.equals("POST") ? request.post(Entity.text("")) : request.method(method)) {
        return new Answer(response.getStatus(), response.readEntity(String.class));
      }
    } finally {
      client.close();
    }
  }

  @Override
  public Answer callTwoLegged(String method, URI url) {
    return call(method, url, new Token("", ""));
  }

  @Override
  public void close() {}

  private OAuth1Builder builder() {
    String secret =
        settings.signing() == Signing.RSA_SHA1
            ? Http.base64(settings.credential())
            : settings.credential();
    return OAuth1ClientSupport.builder(new ConsumerCredentials(settings.consumer(), secret))
        .signatureMethod(settings.signing().method());
  }
}
