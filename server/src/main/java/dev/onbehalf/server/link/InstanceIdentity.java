package dev.onbehalf.server.link;

import dev.onbehalf.oauth1.SignatureMethod;
import dev.onbehalf.oauth1.Signer;
import java.security.interfaces.RSAPublicKey;

/** Who this server is to its peers, and its key pair; each answer is as of now. */
public interface InstanceIdentity {

  /** Returns the consumer key by which peers know this server, unless a link has one of its own. */
  String consumerKey();

  /** Returns what names the key pair in use; another one after a rotation. */
  String keyId();

  RSAPublicKey publicKey();

  /** Returns a signer with that key pair, for an RSA method. */
  Signer signer(SignatureMethod method, String consumerKey);
}
