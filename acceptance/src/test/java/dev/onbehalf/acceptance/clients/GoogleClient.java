package dev.onbehalf.acceptance.clients;

import com.google.api.client.auth.oauth.AbstractOAuthGetToken;
import com.google.api.client.auth.oauth.OAuthAuthorizeTemporaryTokenUrl;
import com.google.api.client.auth.oauth.OAuthCredentialsResponse;
import com.google.api.client.auth.oauth.OAuthGetAccessToken;
import com.google.api.client.auth.oauth.OAuthGetTemporaryToken;
import com.google.api.client.auth.oauth.OAuthHmacSigner;
import com.google.api.client.auth.oauth.OAuthParameters;
import com.google.api.client.auth.oauth.OAuthRsaSigner;
import com.google.api.client.auth.oauth.OAuthSigner;
import com.google.api.client.http.EmptyContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.javanet.NetHttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** google-oauth-client, which has to be told to POST for tokens. */
final class GoogleClient implements ClientLibrary {
  private final Settings settings;
  private final NetHttpTransport transport = new NetHttpTransport();

  GoogleClient(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Token requestToken(String callback) {
    RequestToken request = new RequestToken(settings.requestToken());
    request.callback = callback;
    return fetch(request, "");
  }

  @Override
  public URI authorizationUrl(Token requestToken) {
    OAuthAuthorizeTemporaryTokenUrl url =
        new OAuthAuthorizeTemporaryTokenUrl(settings.authorize().toString());
    url.temporaryToken = requestToken.value();
    return url.toURI();
  }

  @Override
  public Token accessToken(Token requestToken, String verifier) {
    AccessToken request = new AccessToken(settings.accessToken());
    request.temporaryToken = requestToken.value();
    request.verifier = verifier;
    return fetch(request, requestToken.secret());
  }

  @Override
  public Answer call(String method, URI url, Token token) {
    OAuthParameters parameters = new OAuthParameters();
    parameters.consumerKey = settings.consumer();
    parameters.signer = signer(token.secret());
    parameters.token = token.value();
    try {
      HttpRequest request =
          transport
              .createRequestFactory(parameters)
              .buildRequest(
                  method, new GenericUrl(url), method.equals("POST") ? new EmptyContent() : null);
      request.setFollowRedirects(false);
      request.setThrowExceptionOnExecuteError(false);
      HttpResponse response = request.execute();
      try {
        return new Answer(response.getStatusCode(), response.parseAsString());
      } finally {
        response.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Answer callTwoLegged(String method, URI url) {
    return call(method, url, new Token("", ""));
  }

  @Override
  public void close() {}

  private Token fetch(AbstractOAuthGetToken request, @Nullable String tokenSecret) {
    request.transport = transport;
    request.consumerKey = settings.consumer();
    request.signer = signer(tokenSecret);
    try {
      OAuthCredentialsResponse response = request.execute();
      return new Token(response.token, response.tokenSecret);
    } catch (HttpResponseException e) {
      throw new RefusedException(String.valueOf(e.getContent()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OAuthSigner signer(@Nullable String tokenSecret) {
    if (settings.signing() == Signing.RSA_SHA1) {
      OAuthRsaSigner signer = new OAuthRsaSigner();
      signer.privateKey = Http.privateKey(settings.credential());
      return signer;
    }
    OAuthHmacSigner signer = new OAuthHmacSigner();
    signer.clientSharedSecret = settings.credential();
    signer.tokenSharedSecret = tokenSecret;
    return signer;
  }

  private static final class RequestToken extends OAuthGetTemporaryToken {
    RequestToken(URI url) {
      super(url.toString());
      usePost = true;
    }
  }

  private static final class AccessToken extends OAuthGetAccessToken {
    AccessToken(URI url) {
      super(url.toString());
      usePost = true;
    }
  }
}
