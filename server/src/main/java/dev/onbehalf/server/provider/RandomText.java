package dev.onbehalf.server.provider;

import java.security.SecureRandom;

/** Unpredictable text of digits and letters, each as likely as the others. */
final class RandomText {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String TYPED = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomText() {}

  /** Returns {@code length} characters, about 5.95 bits each. */
  static String ofLength(int length) {
    return of(ALPHABET, length);
  }

  /** Returns {@code length} characters for people to type, none like another: 5 bits each. */
  static String typed(int length) {
    return of(TYPED, length);
  }

  private static String of(String alphabet, int length) {
    if (length < 0) {
      throw new IllegalArgumentException("A text cannot have " + length + " characters.");
    }
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = alphabet.charAt(RANDOM.nextInt(alphabet.length()));
    }
    return new String(text);
  }
}
