package dev.onbehalf.server.link;

import dev.onbehalf.oauth1.Keys;
import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;

/** An instance of a test, whose key pair can be replaced. */
public final class TestIdentity implements InstanceIdentity {
  private KeyPair pair = Keys.generate(2048);
  private int generation;

  void rotate() {
    pair = Keys.generate(2048);
    generation++;
  }

  @Override
  public String consumerKey() {
    return "onbehalf:test";
  }

  @Override
  public String keyId() {
    return "key-" + generation;
  }

  @Override
  public RSAPublicKey publicKey() {
    return (RSAPublicKey) pair.getPublic();
  }

  @Override
  public Signer signer(SignatureMethod method, String consumerKey) {
    return Signer.rsa(method, consumerKey, pair.getPrivate());
  }
}
