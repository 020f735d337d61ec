package dev.onbehalf.acceptance.clients;

import dev.onbehalf.acceptance.peers.Secrets;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One OAuth 1.0a client library, used the way its own documentation shows. */
public interface ClientLibrary extends AutoCloseable {

  /** The callback of a program that cannot be called back (RFC 5849, 2.1). */
  String OUT_OF_BAND = "oob";

  /** How a consumer signs. */
  enum Signing {
    RSA_SHA1("RSA-SHA1"),
    HMAC_SHA1("HMAC-SHA1");

    private final String method;

    Signing(String method) {
      this.method = method;
    }

    /** The name on the wire. */
    public String method() {
      return method;
    }
  }

  /**
   * What a client is configured with.
   *
   * @param credential the private key as PKCS#8 PEM, or the shared secret
   * @param authority the PEM file of the authority to trust, null for the system's
   */
  record Settings(
      String consumer,
      Signing signing,
      String credential,
      URI requestToken,
      URI authorize,
      URI accessToken,
      @Nullable Path authority) {

    /** The same with another credential. */
    public Settings with(String other) {
      return new Settings(
          consumer, signing, other, requestToken, authorize, accessToken, authority);
    }
  }

  /** A token and its secret. */
  record Token(String value, String secret) {

    public Token {
      Secrets.made("token", value);
      Secrets.made("token secret", secret);
    }

    @Override
    public String toString() {
      return "Token[" + value + "]";
    }
  }

  /** What a signed request was answered. */
  record Answer(int status, String body) {}

  /** The provider did not give a token. */
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Keeps what the library tells about the refusal. */
    public RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Asks for a request token.
   *
   * @throws RefusedException when the provider refuses
   */
  Token requestToken(String callback);

  /** Where the person approves. */
  URI authorizationUrl(Token requestToken);

  /**
   * Exchanges an approved request token.
   *
   * @throws RefusedException when the provider refuses
   */
  Token accessToken(Token requestToken, String verifier);

  /** Sends a signed request with an empty body, as the person of the token. */
  Answer call(String method, URI url, Token token);

  /** Sends a two-legged request: signed, with an empty {@code oauth_token}. */
  Answer callTwoLegged(String method, URI url);

  @Override
  void close();
}
