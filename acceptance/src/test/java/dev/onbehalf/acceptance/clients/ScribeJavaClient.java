package dev.onbehalf.acceptance.clients;

import com.github.scribejava.core.builder.ServiceBuilder;
import com.github.scribejava.core.builder.api.DefaultApi10a;
import com.github.scribejava.core.exceptions.OAuthException;
import com.github.scribejava.core.model.OAuth1AccessToken;
import com.github.scribejava.core.model.OAuth1RequestToken;
import com.github.scribejava.core.model.OAuthConstants;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Response;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.OAuth10aService;
import com.github.scribejava.core.services.HMACSha1SignatureService;
import com.github.scribejava.core.services.RSASha1SignatureService;
import com.github.scribejava.core.services.SignatureService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.concurrent.ExecutionException;

/** scribejava. */
final class ScribeJavaClient implements ClientLibrary {
  private final Settings settings;

  ScribeJavaClient(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Token requestToken(String callback) {
    try {
      OAuth1RequestToken token = service(callback).getRequestToken();
      return new Token(token.getToken(), token.getTokenSecret());
    } catch (OAuthException e) {
      throw refused(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public URI authorizationUrl(Token requestToken) {
    return URI.create(
        service(OUT_OF_BAND)
            .getAuthorizationUrl(
                new OAuth1RequestToken(requestToken.value(), requestToken.secret())));
  }

  @Override
  public Token accessToken(Token requestToken, String verifier) {
    try {
      OAuth1AccessToken token =
          service(OUT_OF_BAND)
              .getAccessToken(
                  new OAuth1RequestToken(requestToken.value(), requestToken.secret()), verifier);
      return new Token(token.getToken(), token.getTokenSecret());
    } catch (OAuthException e) {
      throw refused(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public Answer call(String method, URI url, Token token) {
    OAuthRequest request = request(method, url);
    return send(request, new OAuth1AccessToken(token.value(), token.secret()));
  }

  @Override
  public Answer callTwoLegged(String method, URI url) {
    OAuthRequest request = request(method, url);
    request.addOAuthParameter(OAuthConstants.TOKEN, "");
    return send(request, new OAuth1AccessToken("", ""));
  }

  @Override
  public void close() {}

  private static OAuthRequest request(String method, URI url) {
    OAuthRequest request = new OAuthRequest(Verb.valueOf(method), url.toString());
    if (method.equals("POST")) {
      request.setPayload(new byte[0]);
    }
    return request;
  }

  private Answer send(OAuthRequest request, OAuth1AccessToken token) {
    try (OAuth10aService service = service(OUT_OF_BAND)) {
      service.signRequest(token, request);
      try (Response response = service.execute(request)) {
        return new Answer(response.getCode(), response.getBody());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private OAuth10aService service(String callback) {
    boolean rsa = settings.signing() == Signing.RSA_SHA1;
    return new ServiceBuilder(settings.consumer())
        .apiSecret(rsa ? "unused" : settings.credential())
        .callback(callback)
        .build(new Api());
  }

  private static RefusedException refused(OAuthException e) {
    return new RefusedException(String.valueOf(e.getMessage()));
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError(e);
  }

  private final class Api extends DefaultApi10a {
    @Override
    public String getRequestTokenEndpoint() {
      return settings.requestToken().toString();
    }

    @Override
    public String getAccessTokenEndpoint() {
      return settings.accessToken().toString();
    }

    @Override
    protected String getAuthorizationBaseUrl() {
      return settings.authorize().toString();
    }

    @Override
    public SignatureService getSignatureService() {
      return settings.signing() == Signing.RSA_SHA1
          ? new RSASha1SignatureService(Http.privateKey(settings.credential()))
          : new HMACSha1SignatureService();
    }
  }
}
