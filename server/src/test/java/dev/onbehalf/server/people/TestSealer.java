package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.store.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes keyed fingerprints with a fixed key; seals nothing. */
final class TestSealer implements Sealer {
  @Override
  public byte[] seal(Secret secret, String context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] fingerprint(String purpose, String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
      return mac.doFinal((purpose + '\0' + value).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
