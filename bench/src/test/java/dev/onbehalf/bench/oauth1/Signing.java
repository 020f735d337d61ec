package dev.onbehalf.bench.oauth1;

import com.github.scribejava.core.builder.api.DefaultApi10a;
import com.github.scribejava.core.model.OAuth1AccessToken;
import com.github.scribejava.core.model.OAuthRequest;
import com.github.scribejava.core.model.Verb;
import com.github.scribejava.core.oauth.OAuth10aService;
import com.github.scribejava.core.services.RSASha1SignatureService;
import com.github.scribejava.core.services.SignatureService;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.oauth.OAuth;
import net.oauth.OAuthAccessor;
import net.oauth.OAuthConsumer;
import net.oauth.signature.RSA_SHA1;
import org.glassfish.jersey.oauth1.signature.OAuth1Parameters;
import org.glassfish.jersey.oauth1.signature.OAuth1Secrets;
import org.glassfish.jersey.oauth1.signature.OAuth1Signature;

/** Signing a GET: nonce, time, base string, signature, header. */
final class Signing {
  private Signing() {}

  static Operation raw(Fixture request) throws GeneralSecurityException {
    return raw(request, Signature.getInstance("SHA1withRSA"), Fixture.PRIVATE);
  }

  static Operation raw(Fixture request, Provider provider) throws GeneralSecurityException {
    PrivateKey key =
        (PrivateKey) KeyFactory.getInstance("RSA", provider).translateKey(Fixture.PRIVATE);
    return raw(request, Signature.getInstance("SHA1withRSA", provider), key);
  }

  private static Operation raw(Fixture request, Signature signature, PrivateKey key)
      throws GeneralSecurityException {
    signature.initSign(key);
    return () -> {
      signature.update(request.baseString);
      return signature.sign();
    };
  }

  static Operation onbehalf(Fixture request, RsaEngine engine) {
    Signer signer =
        Signer.rsa(SignatureMethod.RSA_SHA1, Fixture.CONSUMER, Fixture.PRIVATE, engine)
            .withToken(Fixture.TOKEN, Secret.of(""));
    String url = request.urlWithQuery();
    return () -> signer.sign(request.method, url).authorizationHeader(Fixture.REALM);
  }

  static Operation netOauth(Fixture request) {
    OAuthConsumer consumer = new OAuthConsumer(null, Fixture.CONSUMER, null, null);
    consumer.setProperty(OAuth.OAUTH_SIGNATURE_METHOD, "RSA-SHA1");
    consumer.setProperty(RSA_SHA1.PRIVATE_KEY, Fixture.PRIVATE);
    OAuthAccessor accessor = new OAuthAccessor(consumer);
    accessor.accessToken = Fixture.TOKEN;
    accessor.tokenSecret = "";
    String url = request.urlWithQuery();
    return () ->
        accessor
            .newRequestMessage(request.method, url, List.of())
            .getAuthorizationHeader(Fixture.REALM);
  }

  static Operation jersey(Fixture request) throws Exception {
    OAuth1Signature signature = Rivals.jerseySignature();
    OAuth1Secrets secrets =
        new OAuth1Secrets()
            .consumerSecret(Base64.getEncoder().encodeToString(Fixture.PRIVATE.getEncoded()))
            .tokenSecret("");
    URL url = URI.create(request.urlWithQuery()).toURL();
    return () -> {
      OAuth1Parameters parameters =
          new OAuth1Parameters()
              .consumerKey(Fixture.CONSUMER)
              .token(Fixture.TOKEN)
              .signatureMethod("RSA-SHA1")
              .timestamp()
              .nonce()
              .version();
      signature.sign(
          new Rivals.JerseyRequest(request.method, url, Map.of(), ""), parameters, secrets);
      return parameters;
    };
  }

  static Operation scribe(Fixture request) {
    SignatureService signatures = new RSASha1SignatureService(Fixture.PRIVATE);
    DefaultApi10a api =
        new DefaultApi10a() {
          @Override
          public String getRequestTokenEndpoint() {
            return Fixture.REALM;
          }

          @Override
          public String getAccessTokenEndpoint() {
            return Fixture.REALM;
          }

          @Override
          protected String getAuthorizationBaseUrl() {
            return Fixture.REALM;
          }

          @Override
          public SignatureService getSignatureService() {
            return signatures;
          }
        };
    OAuth10aService service =
        new OAuth10aService(api, Fixture.CONSUMER, "", null, null, null, null, null, null);
    OAuth1AccessToken token = new OAuth1AccessToken(Fixture.TOKEN, "");
    String url = request.urlWithQuery();
    return () -> {
      OAuthRequest sent = new OAuthRequest(Verb.GET, url);
      service.signRequest(token, sent);
      return sent.getHeaders();
    };
  }
}
