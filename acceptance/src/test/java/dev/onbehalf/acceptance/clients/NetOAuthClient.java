package dev.onbehalf.acceptance.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import net.oauth.OAuth;
import net.oauth.OAuthAccessor;
import net.oauth.OAuthConsumer;
import net.oauth.OAuthException;
import net.oauth.OAuthMessage;
import net.oauth.OAuthServiceProvider;
import net.oauth.signature.RSA_SHA1;

/** net.oauth, the library inside Atlassian's products. */
public final class NetOAuthClient implements ClientLibrary {
  private final Settings settings;
  private final OAuthConsumer consumer;

  /** A client with these settings. */
  public NetOAuthClient(Settings settings) {
    this.settings = settings;
    boolean rsa = settings.signing() == Signing.RSA_SHA1;
    this.consumer =
        new OAuthConsumer(
            null,
            settings.consumer(),
            rsa ? null : settings.credential(),
            new OAuthServiceProvider(
                settings.requestToken().toString(),
                settings.authorize().toString(),
                settings.accessToken().toString()));
    consumer.setProperty(OAuth.OAUTH_SIGNATURE_METHOD, settings.signing().method());
    if (rsa) {
      consumer.setProperty(RSA_SHA1.PRIVATE_KEY, Http.privateKey(settings.credential()));
    }
  }

  @Override
  public Token requestToken(String callback) {
    return Http.token(
        send(
            "POST",
            settings.requestToken(),
            new OAuthAccessor(consumer),
            List.of(new OAuth.Parameter(OAuth.OAUTH_CALLBACK, callback))));
  }

  @Override
  public URI authorizationUrl(Token requestToken) {
    try {
      return URI.create(
          OAuth.addParameters(
              settings.authorize().toString(), OAuth.OAUTH_TOKEN, requestToken.value()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Token accessToken(Token requestToken, String verifier) {
    return Http.token(
        send(
            "POST",
            settings.accessToken(),
            accessor(requestToken),
            List.of(new OAuth.Parameter(OAuth.OAUTH_VERIFIER, verifier))));
  }

  @Override
  public Answer call(String method, URI url, Token token) {
    return send(method, url, accessor(token), List.of());
  }

  @Override
  public Answer callTwoLegged(String method, URI url) {
    return send(method, url, accessor(new Token("", "")), List.of());
  }

  @Override
  public void close() {}

  /** The {@code Authorization} header of a request, to be sent by other means. */
  public String authorization(String method, URI url, Token token) {
    try {
      return accessor(token)
          .newRequestMessage(method, url.toString(), List.of())
          .getAuthorizationHeader(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OAuthException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private OAuthAccessor accessor(Token token) {
    OAuthAccessor accessor = new OAuthAccessor(consumer);
    accessor.accessToken = token.value();
    accessor.tokenSecret = token.secret();
    return accessor;
  }

  private static Answer send(
      String method, URI url, OAuthAccessor accessor, List<OAuth.Parameter> parameters) {
    try {
      OAuthMessage message =
          accessor.newRequestMessage(method, url.toString(), new ArrayList<>(parameters));
      return Http.send(method, url, message.getAuthorizationHeader(null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OAuthException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
