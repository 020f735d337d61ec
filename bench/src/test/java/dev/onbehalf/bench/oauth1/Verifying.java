package dev.onbehalf.bench.oauth1;

import dev.onbehalf.oauth1.OAuthMessage;
import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.SignatureVerifier;
import dev.onbehalf.oauth1.TimestampWindow;
import dev.onbehalf.oauth1.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Full verification of a request by this library, and what it costs without anything around it. */
final class Verifying {
  private Verifying() {}

  /** The JDK's verification of a base string that lies ready. */
  static Operation raw(Fixture request) throws GeneralSecurityException {
    return raw(request, Signature.getInstance("SHA1withRSA"), Fixture.PUBLIC);
  }

  /** The same by a provider, with a key of its own factory. */
  static Operation raw(Fixture request, Provider provider) throws GeneralSecurityException {
    PublicKey key =
        (PublicKey) KeyFactory.getInstance("RSA", provider).translateKey(Fixture.PUBLIC);
    return raw(request, Signature.getInstance("SHA1withRSA", provider), key);
  }

  private static Operation raw(Fixture request, Signature signature, PublicKey key)
      throws GeneralSecurityException {
    signature.initVerify(key);
    return () -> {
      signature.update(request.baseString);
      if (!signature.verify(request.signature)) {
        throw new IllegalStateException("refused");
      }
      return signature;
    };
  }

  static Operation onbehalf(Fixture request, RsaEngine engine) {
    VerificationKey key = VerificationKey.rsa(SignatureMethod.RSA_SHA1, Fixture.PUBLIC, engine);
    TimestampWindow window = new TimestampWindow(InstantSource.system(), Duration.ofHours(20));
    List<String> headers = List.of(request.header);
    List<String> urls = List.of(request.url);
    return () -> {
      if (!OAuthMessage.mayBeSigned(headers, request.query, request.form)) {
        throw new IllegalStateException("not signed");
      }
      OAuthMessage message = OAuthMessage.parse(headers, request.query, request.form);
      String consumer = message.consumerKey();
      String token = message.token();
      window.check(message);
      SignatureVerifier.verify(message, request.method, urls, key);
      String nonce = message.nonce();
      if (consumer == null || token == null || nonce == null) {
        throw new IllegalStateException("absent");
      }
      return message;
    };
  }
}
