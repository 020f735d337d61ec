package dev.onbehalf.server;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import dev.onbehalf.server.link.InstanceIdentity;
import dev.onbehalf.server.provider.Provider;
import java.security.interfaces.RSAPublicKey;

/** Tells the links who this server is. */
record InstanceIdentityOfProvider(Provider provider) implements InstanceIdentity {
  @Override
  public String consumerKey() {
    return provider.keys().consumerKey();
  }

  @Override
  public String keyId() {
    return provider.keys().current().id();
  }

  @Override
  public RSAPublicKey publicKey() {
    return provider.keys().current().publicKey();
  }

  @Override
  public Signer signer(SignatureMethod method, String consumerKey) {
    return provider.signer(method, consumerKey);
  }
}
