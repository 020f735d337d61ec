package dev.onbehalf.delivery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Fits texts and ids into the limits of the wire. */
public final class Text {
  private static final int DIGEST_CHARS = 16;

  private Text() {}

  /** Returns {@code text} cut to {@code maxChars} with an ellipsis, never inside a character. */
  public static String fit(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return text;
    }
    return head(text, maxChars - 1) + "\u2026";
  }

  /**
   * Returns {@code id} as it is where it fits, else its beginning and a digest of the whole, so
   * that it stays readable, stable and unique.
   */
  public static String fitId(String id, int maxChars) {
    if (id.length() <= maxChars) {
      return id;
    }
    return head(id, maxChars - DIGEST_CHARS - 1) + "~" + digest(id);
  }

  private static String head(String text, int chars) {
    return text.substring(0, Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars);
  }

  /** Returns 16 hexadecimal characters that stand for {@code text}. */
  public static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGEST_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
