package dev.onbehalf.acceptance.clients;

import dev.onbehalf.acceptance.peers.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Base64;

/** A fresh RSA key pair, as consumers hold it. */
public final class KeyPairPem {
  private static final int BITS = 2048;

  private final KeyPair pair;

  private KeyPairPem(KeyPair pair) {
    this.pair = pair;
  }

  /** Generates a pair of 2048 bits. */
  public static KeyPairPem generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(BITS);
      return new KeyPairPem(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The private half as PKCS#8 PEM. */
  public String privatePem() {
    return Secrets.madePem("private key", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  /** The public half as X.509 SubjectPublicKeyInfo PEM. */
  public String publicPem() {
    return pem("PUBLIC KEY", pair.getPublic().getEncoded());
  }

  PublicKey publicKey() {
    return pair.getPublic();
  }

  private static String pem(String type, byte[] content) {
    String base64 =
        new String(
            Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(content),
            StandardCharsets.US_ASCII);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }
}
