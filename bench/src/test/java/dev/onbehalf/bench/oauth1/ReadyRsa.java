package dev.onbehalf.bench.oauth1;

import dev.onbehalf.oauth1.RsaEngine;
import dev.onbehalf.oauth1.SignatureMethod;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;

/** RSA that costs nothing: the results for one request lie ready. */
final class ReadyRsa implements RsaEngine {
  private final byte[] encoded;
  private final byte[] signature;

  ReadyRsa(Fixture request) throws Exception {
    encoded = RsaEngine.jdk().publicOperation(Fixture.PUBLIC).recover(request.signature);
    signature = request.signature;
  }

  @Override
  public PublicOperation publicOperation(RSAPublicKey key) {
    return anySignature -> encoded;
  }

  @Override
  public SigningOperation signingOperation(PrivateKey key, SignatureMethod method) {
    return text -> signature;
  }
}
