package dev.onbehalf.server.provider;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignedParameters;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.web.Form;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Map;

/** A consumer as a program: it signs by its key or secret and sends over a socket. */
final class Peer {
  static final String WHO_AM_I = "/plugins/servlet/applinks/whoami";
  static final Token NO_TOKEN = new Token("", Secret.of(""));

  private final TestProvider provider;
  private final String key;
  private final Signer signer;

  Peer(TestProvider provider, String key, Signer signer) {
    this(provider, key, signer, provider.clock);
  }

  private Peer(TestProvider provider, String key, Signer signer, InstantSource clock) {
    this.provider = provider;
    this.key = key;
    this.signer = signer.withClock(clock);
  }

  /** The two families of paths the provider answers on. */
  enum Family {
    ATLASSIAN(
        "/plugins/servlet/oauth/request-token",
        "/plugins/servlet/oauth/authorize",
        "/plugins/servlet/oauth/access-token"),
    BITBUCKET(
        "/bitbucket/oauth/request-token", "/bbs-oauth/authorize", "/bitbucket/oauth/access-token");

    final String requestToken;
    final String authorize;
    final String accessToken;

    Family(String requestToken, String authorize, String accessToken) {
      this.requestToken = requestToken;
      this.authorize = authorize;
      this.accessToken = accessToken;
    }
  }

  /** A token and its secret. */
  record Token(String value, Secret secret) {
    static Token in(HttpResponse<String> response) {
      Form form = Form.parse(response.body());
      return new Token(
          form.value("oauth_token").orElseThrow(() -> new AssertionError(response.body())),
          Secret.of(form.value("oauth_token_secret").orElseThrow()));
    }
  }

  /** The same program with another clock. */
  Peer at(InstantSource clock) {
    return new Peer(provider, key, signer, clock);
  }

  String key() {
    return key;
  }

  Signer signer() {
    return signer;
  }

  /** Signs for {@code token}; with none, the parameter is absent. */
  Signer signer(Token token) {
    return token.value().isEmpty() ? signer : signer.withToken(token.value(), token.secret());
  }

  /** Sends a token request as Atlassian products do: every parameter in the form. */
  HttpResponse<String> post(String path, Token token, Map<String, String> extra) {
    return post(path, signer(token).sign("POST", TestProvider.URL.with(path), null, extra).form());
  }

  /** Sends a token request with every parameter in the header. */
  HttpResponse<String> post(String path, String authorization) {
    return provider
        .server()
        .send(
            provider
                .server()
                .request(path)
                .header("Authorization", authorization)
                .POST(BodyPublishers.noBody()));
  }

  HttpResponse<String> post(String path, byte[] form) {
    return provider
        .server()
        .send(
            provider
                .server()
                .request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(form)));
  }

  HttpResponse<String> askRequestToken(String callback) {
    return post(Family.ATLASSIAN.requestToken, NO_TOKEN, Map.of("oauth_callback", callback));
  }

  Token requestToken(String callback) {
    return Token.in(askRequestToken(callback));
  }

  Token requestToken() {
    return requestToken(Fixtures.CALLBACK);
  }

  HttpResponse<String> exchange(Token token, String verifier) {
    return post(Family.ATLASSIAN.accessToken, token, Map.of("oauth_verifier", verifier));
  }

  HttpResponse<String> renew(Token token, String handle) {
    return post(Family.ATLASSIAN.accessToken, token, Map.of("oauth_session_handle", handle));
  }

  /** Does a whole dance with {@code person}, who allows everything. */
  HttpResponse<String> dance(String person) {
    Token token = requestToken();
    Browser.Landing landing =
        provider.browser().signIn(person).consent(Family.ATLASSIAN, token).allow();
    return exchange(token, landing.verifier());
  }

  /** An access token {@code person} granted. */
  Token granted(String person) {
    return Token.in(dance(person));
  }

  /** Asks who it is, signed for {@code token}, as an API call: parameters in the header. */
  HttpResponse<String> whoAmI(Token token) {
    return get(WHO_AM_I, signer.withToken(token.value(), token.secret()));
  }

  /** Asks who it is without a token, which is present and empty. */
  HttpResponse<String> whoAmITwoLegged(String query) {
    return get(WHO_AM_I + query, signer.twoLegged());
  }

  HttpResponse<String> get(String pathAndQuery, Signer by) {
    SignedParameters signed = by.sign("GET", TestProvider.URL.with(pathAndQuery));
    return get(pathAndQuery, signed.authorizationHeader());
  }

  HttpResponse<String> get(String pathAndQuery, String authorization) {
    HttpRequest.Builder request =
        provider.server().request(pathAndQuery).header("Authorization", authorization);
    return provider.server().send(request);
  }
}
