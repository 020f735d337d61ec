package dev.onbehalf.applinks;

import dev.onbehalf.oauth1.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** A sealer as a program may bring it: AES-GCM, the context authenticated. */
final class AesSealer implements TokenSealer {
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;
  private final SecretKey key;

  AesSealer() {
    try {
      key = KeyGenerator.getInstance("AES").generateKey();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public byte[] seal(Secret secret, String context) {
    byte[] iv = new byte[IV_BYTES];
    new SecureRandom().nextBytes(iv);
    byte[] sealed =
        run(Cipher.ENCRYPT_MODE, iv, secret.reveal().getBytes(StandardCharsets.UTF_8), context);
    byte[] all = Arrays.copyOf(iv, iv.length + sealed.length);
    System.arraycopy(sealed, 0, all, iv.length, sealed.length);
    return all;
  }

  @Override
  public Secret open(byte[] sealed, String context) {
    byte[] iv = Arrays.copyOf(sealed, IV_BYTES);
    byte[] rest = Arrays.copyOfRange(sealed, IV_BYTES, sealed.length);
    return Secret.of(
        new String(run(Cipher.DECRYPT_MODE, iv, rest, context), StandardCharsets.UTF_8));
  }

  private byte[] run(int mode, byte[] iv, byte[] input, String context) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
      cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The sealed text does not open.", e);
    }
  }
}
