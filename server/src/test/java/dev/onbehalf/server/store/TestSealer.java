package dev.onbehalf.server.store;

import dev.onbehalf.oauth1.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Seals with keys of its own, which no file holds. */
public final class TestSealer implements Sealer {
  private static final SecureRandom RANDOM = new SecureRandom();
  private final byte[] key = new byte[32];

  public TestSealer() {
    RANDOM.nextBytes(key);
  }

  @Override
  public byte[] seal(Secret secret, String context) {
    byte[] iv = new byte[12];
    RANDOM.nextBytes(iv);
    byte[] sealed =
        crypt(Cipher.ENCRYPT_MODE, iv, secret.reveal().getBytes(StandardCharsets.UTF_8), context);
    byte[] all = Arrays.copyOf(iv, 12 + sealed.length);
    System.arraycopy(sealed, 0, all, 12, sealed.length);
    return all;
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    byte[] opened =
        crypt(
            Cipher.DECRYPT_MODE,
            Arrays.copyOf(sealed, 12),
            Arrays.copyOfRange(sealed, 12, sealed.length),
            context);
    return Secret.of(new String(opened, StandardCharsets.UTF_8));
  }

  @Override
  public byte[] fingerprint(String purpose, String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal((purpose + "\n" + value).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] crypt(int mode, byte[] iv, byte[] input, String context) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
      cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
