package dev.onbehalf.server.provider;

import java.security.SecureRandom;

/** Unpredictable text of digits and letters, each as likely as the others. */
final class RandomText {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomText() {}

  /** Returns {@code length} characters, about 5.95 bits each. */
  static String ofLength(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("A text cannot have " + length + " characters.");
    }
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length()));
    }
    return new String(text);
  }
}
